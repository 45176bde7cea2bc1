// A sender's link to an address (events, commands, a client, a reply address), or to none (anonymous
// relay, where each message names its own).
#pragma once

#include <optional>
#include <string>

#include "agent/bus/decoder.hpp"
#include "agent/bus/link.hpp"
#include "common/amqp/addresses.hpp"

namespace clacks::bus {

// The address, or why this user cannot send to it. Commands for another node are not known here.
Result<amqp::Address, Refusal> target_address(const Shared& shared, const std::string& user,
                                              std::string_view text);

class PublishLink : public Link {
  public:
    // No address: the anonymous relay.
    PublishLink(pn_link_t* link, Shared& shared, Peer peer, std::optional<amqp::Address> address);
    void on_delivery(pn_delivery_t* delivery) override;
    void on_close() override;
    void grant_credit();

  private:
    void note_unfinished(pn_delivery_t* delivery, const Refusal& refusal) const;
    void refuse_length(pn_delivery_t* delivery);
    void discard(pn_delivery_t* delivery);
    void finish(pn_delivery_t* delivery);
    Result<void, Refusal> act(std::string_view bytes);
    Result<void, Refusal> hand_on(const amqp::Address& address, IncomingMessage message);
    Result<void, Refusal> publish(IncomingMessage message);

    pn_link_t* link_;
    Shared& shared_;
    Peer peer_;
    std::optional<amqp::Address> address_;
};

}  // namespace clacks::bus
