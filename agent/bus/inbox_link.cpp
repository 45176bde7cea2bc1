#include "agent/bus/inbox_link.hpp"

#include "agent/bus/proton.hpp"

namespace clacks::bus {

InboxLink::InboxLink(pn_link_t* link, Shared& shared, Peer peer, std::string address)
    : OutgoingLink(link, shared, peer), peer_(std::move(peer)), address_(std::move(address)) {}

void InboxLink::announce() {
    auto& entry = shared_.inboxes[{peer_.user, address_}];
    if (const auto older = entry.lock()) older->give_up();
    entry = weak_from_this();
}

// The other link's connection may only be touched in its own turn, so it is woken.
void InboxLink::give_up() {
    stolen_ = true;
    waker_->wake();
}

bool InboxLink::put(std::string message) {
    if (queue_.size() >= shared_.options.queue_events || bytes_ >= shared_.options.queue_bytes) return false;
    bytes_ += message.size();
    queue_.push_back(std::move(message));
    waker_->wake();
    return true;
}

void InboxLink::pump() {
    if (stolen_ && !(pn_link_state(link_) & PN_LOCAL_CLOSED)) {
        set_condition(pn_link_condition(link_),
                      {"amqp:link:stolen", "a newer link receives at '" + address_ + "'"});
        pn_link_close(link_);
    }
    if (!stolen_) OutgoingLink::pump();
}

bool InboxLink::send_next() {
    if (queue_.empty()) return false;
    send(queue_.front());
    bytes_ -= queue_.front().size();
    queue_.pop_front();
    return true;
}

void InboxLink::on_close() {
    if (!stolen_) shared_.inboxes.erase({peer_.user, address_});
    shared_.counters.replies_lost += queue_.size();
    queue_.clear();
}

std::shared_ptr<InboxLink> find_inbox(const Shared& shared, const std::string& user,
                                      const amqp::Address& address) {
    const auto& domain = shared.options.domain;
    const auto found = shared.inboxes.find({user, address.kind == amqp::AddressKind::client
                                                      ? amqp::client_address(domain, address.name)
                                                      : amqp::reply_address(domain, address.name)});
    return found == shared.inboxes.end() ? nullptr : found->second.lock();
}

}  // namespace clacks::bus
