#include "agent/bus/reply_link.hpp"

#include "common/amqp/addresses.hpp"
#include "common/base/uuid.hpp"

namespace clacks::bus {

ReplyLink::ReplyLink(pn_link_t* link, Shared& shared, Peer peer)
    : OutgoingLink(link, shared),
      peer_(std::move(peer)),
      address_(amqp::reply_address(shared.options.domain, random_uuid())) {}

void ReplyLink::announce() {
    shared_.replies[address_] = weak_from_this();
}

bool ReplyLink::reply(std::string_view correlation_id, std::string_view json) {
    if (queue_.size() >= shared_.options.queue_events || bytes_ >= shared_.options.queue_bytes) return false;
    queue_.push_back(encode_reply(address_, correlation_id, json));
    bytes_ += queue_.back().size();
    peer_.waker->wake();
    return true;
}

void ReplyLink::pump() {
    blocked_ = false;
    while (!queue_.empty()) {
        const auto now = room();
        blocked_ = now == Room::window_full;
        if (now != Room::ready) return;
        send(queue_.front());
        bytes_ -= queue_.front().size();
        queue_.pop_front();
    }
}

void ReplyLink::on_close() {
    shared_.replies.erase(address_);
    shared_.counters.replies_lost += queue_.size();
    queue_.clear();
}

}  // namespace clacks::bus
