// A sender's link to an address (events, commands, a client, a reply address), or to none (anonymous
// relay, where each message names its own).
#pragma once

#include <optional>
#include <string>

#include "agent/bus/decoder.hpp"
#include "agent/bus/incoming_link.hpp"
#include "common/amqp/addresses.hpp"

namespace clacks::bus {

// The address, or why this user cannot send to it. Commands for another node are not known here.
Result<amqp::Address, Refusal> target_address(const Shared& shared, const std::string& user,
                                              std::string_view text);

class PublishLink : public IncomingLink {
  public:
    // No address: the anonymous relay.
    PublishLink(pn_link_t* link, Shared& shared, Peer peer, std::optional<amqp::Address> address);

  protected:
    Result<void, Refusal> take(std::string_view bytes) override;
    void refused_unread() override;

  private:
    // The same: a refusal is counted for the user where it is one of an event.
    Refusal refuse(Refusal why, const std::optional<amqp::Address>& address) const;
    Result<void, Refusal> hand_on(const amqp::Address& address, IncomingMessage message);
    Result<void, Refusal> publish(IncomingMessage message);

    std::optional<amqp::Address> address_;
};

}  // namespace clacks::bus
