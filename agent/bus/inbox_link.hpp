// A receiver on an address of its user's own: a dynamic source for replies, which nobody can guess and
// which is gone with its link, or a client's address for the requests made to it. Only the same user
// reaches it, so that taking another one's address gains nothing.
#pragma once

#include <deque>
#include <string>

#include "agent/bus/link.hpp"
#include "common/amqp/addresses.hpp"

namespace clacks::bus {

class InboxLink : public OutgoingLink, public std::enable_shared_from_this<InboxLink> {
  public:
    InboxLink(pn_link_t* link, Shared& shared, Peer peer, std::string address);

    const std::string& address() const { return address_; }
    // Enters the address where find_inbox() sees it. An older link of this user on the same address is
    // detached with amqp:link:stolen: a client that comes back need not wait for its dead connection.
    void announce();
    // False when too much waits already. `message` is encoded.
    bool put(std::string message);

    void pump() override;
    bool idle() const override { return queue_.empty(); }
    void on_close() override;

  protected:
    bool send_next() override;

  private:
    void give_up();

    Peer peer_;
    std::string address_;
    std::deque<std::string> queue_;
    std::size_t bytes_ = 0;
    bool stolen_ = false;
};

// The link that receives at this user's own address of kind client or reply, or null.
std::shared_ptr<InboxLink> find_inbox(const Shared& shared, const std::string& user,
                                      const amqp::Address& address);

}  // namespace clacks::bus
