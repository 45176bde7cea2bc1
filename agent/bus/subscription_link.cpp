#include "agent/bus/subscription_link.hpp"

#include "agent/bus/encoder.hpp"

namespace clacks::bus {

SubscriptionLink::SubscriptionLink(pn_link_t* link, Shared& shared, const Peer& peer)
    : OutgoingLink(link, shared, peer),
      max_events_(shared.options.queue_events),
      max_bytes_(shared.options.queue_bytes),
      dropped_by_bus_(shared.counters.dropped) {}

void SubscriptionLink::deliver(const EventMessagePtr& message) {
    {
        const std::lock_guard lock(mutex_);
        if (!closed_) queue_.push_back(message);
        ++counts_.matched;
        if (closed_) return drop(DropReason::closed);
        bytes_ += message->event->bytes.size();
        held_->add(message->event->bytes.size());
        while (const auto reason = excess()) {
            pop();
            ++lost_;
            drop(*reason);
        }
    }
    waker_->wake();
}

DeliveryCounts SubscriptionLink::counts() const {
    const std::lock_guard lock(mutex_);
    DeliveryCounts counts = counts_;
    counts.queued = queue_.size();
    return counts;
}

EventMessagePtr SubscriptionLink::pop() {
    EventMessagePtr message = std::move(queue_.front());
    queue_.pop_front();
    bytes_ -= message->event->bytes.size();
    held_->remove(message->event->bytes.size());
    return message;
}

std::optional<DropReason> SubscriptionLink::excess() const {
    if (queue_.size() <= 1) return std::nullopt;
    if (queue_.size() > max_events_ || bytes_ > max_bytes_) return DropReason::queue_full;
    if (held_->over()) return DropReason::memory_limit;
    return std::nullopt;
}

void SubscriptionLink::drop(DropReason reason, std::uint64_t events) {
    counts_.drop(reason, events);
    dropped_by_bus_ += events;
}

EventMessagePtr SubscriptionLink::take(std::uint64_t& lost) {
    const std::lock_guard lock(mutex_);
    if (queue_.empty()) return nullptr;
    EventMessagePtr message = pop();
    lost = std::exchange(lost_, 0);
    ++counts_.delivered;
    return message;
}

bool SubscriptionLink::send_next() {
    std::uint64_t lost = 0;
    const EventMessagePtr message = take(lost);
    if (!message) return false;
    std::string& head = message->encoded_head;
    if (head.empty()) head = encode_head(*message);
    if (lost == 0)
        send(head, message->event->bytes);
    else
        send(encode_head(*message, lost), message->event->bytes);
    ++shared_.counters.delivered;
    return true;
}

bool SubscriptionLink::idle() const {
    const std::lock_guard lock(mutex_);
    return queue_.empty();
}

void SubscriptionLink::on_close() {
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
        drop(DropReason::closed, queue_.size());
        queue_.clear();
        held_->remove(std::exchange(bytes_, 0));
    }
    subscription_.reset();  // waits for deliver() calls, so without the lock
}

}  // namespace clacks::bus
