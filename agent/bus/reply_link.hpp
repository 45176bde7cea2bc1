// A dynamic source: an address that nobody can guess, gone with its link, for replies to one user.
#pragma once

#include <deque>
#include <string>

#include "agent/bus/link.hpp"

namespace clacks::bus {

class ReplyLink : public OutgoingLink, public std::enable_shared_from_this<ReplyLink> {
  public:
    ReplyLink(pn_link_t* link, Shared& shared, Peer peer);

    const std::string& address() const { return address_; }
    const std::string& user() const { return peer_.user; }
    // Enters the address where request handling finds it.
    void announce();
    // False when too many replies wait already.
    bool reply(std::string_view correlation_id, std::string_view json);

    void pump() override;
    bool idle() const override { return queue_.empty(); }
    void on_close() override;

  private:
    Peer peer_;
    std::string address_;
    std::deque<std::string> queue_;
    std::size_t bytes_ = 0;
};

}  // namespace clacks::bus
