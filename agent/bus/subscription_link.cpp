#include "agent/bus/subscription_link.hpp"

#include "agent/bus/encoder.hpp"

namespace clacks::bus {

SubscriptionLink::SubscriptionLink(pn_link_t* link, Shared& shared, const Peer& peer)
    : OutgoingLink(link, shared, peer),
      max_events_(shared.options.queue_events),
      max_bytes_(shared.options.queue_bytes),
      dropped_by_bus_(shared.counters.dropped) {}

void SubscriptionLink::deliver(const EventMessagePtr& message) {
    Encoded& encoded = message->encoded;
    if (!encoded) encoded = std::make_shared<const std::string>(encode(*message));
    {
        const std::lock_guard lock(mutex_);
        if (!closed_) queue_.push_back(encoded);
        ++counts_.matched;
        if (closed_) return drop(DropReason::closed);
        bytes_ += encoded->size();
        held_->add(encoded->size());
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

SubscriptionLink::Encoded SubscriptionLink::pop() {
    Encoded encoded = std::move(queue_.front());
    queue_.pop_front();
    bytes_ -= encoded->size();
    held_->remove(encoded->size());
    return encoded;
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

SubscriptionLink::Encoded SubscriptionLink::take(std::uint64_t& lost) {
    const std::lock_guard lock(mutex_);
    if (queue_.empty()) return nullptr;
    Encoded encoded = pop();
    lost = std::exchange(lost_, 0);
    ++counts_.delivered;
    return encoded;
}

bool SubscriptionLink::send_next() {
    std::uint64_t lost = 0;
    const Encoded encoded = take(lost);
    if (!encoded) return false;
    if (lost == 0)
        send(*encoded);
    else
        send(with_dropped(*encoded, lost));
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
