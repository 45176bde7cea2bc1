#include "agent/bus/subscription_link.hpp"

#include "agent/bus/encoder.hpp"

namespace clacks::bus {

SubscriptionLink::SubscriptionLink(pn_link_t* link, Shared& shared, const Peer& peer)
    : OutgoingLink(link, shared, peer),
      max_events_(shared.options.queue_events),
      max_bytes_(shared.options.queue_bytes),
      dropped_by_bus_(shared.counters.dropped) {}

void SubscriptionLink::hold(std::unique_ptr<Subscription> subscription) {
    subscription_ = std::move(subscription);
    const std::lock_guard lock(mutex_);
    counters_ = &subscription_->counters();
    counters_->dropped += uncounted_;
    counters_->queued = queue_.size();
}

void SubscriptionLink::deliver(const EventMessagePtr& message) {
    {
        const std::lock_guard lock(mutex_);
        if (closed_) return;
        queue_.push_back(message);
        bytes_ += message->event->bytes.size();
        held_->add(message->event->bytes.size());
        while (queue_.size() > 1 && (queue_.size() > max_events_ || bytes_ > max_bytes_ || held_->over()))
            drop_oldest();
        if (counters_) counters_->queued = queue_.size();
    }
    waker_->wake();
}

EventMessagePtr SubscriptionLink::pop() {
    EventMessagePtr message = std::move(queue_.front());
    queue_.pop_front();
    bytes_ -= message->event->bytes.size();
    held_->remove(message->event->bytes.size());
    return message;
}

void SubscriptionLink::drop_oldest() {
    pop();
    ++lost_;
    ++dropped_by_bus_;
    if (counters_)
        ++counters_->dropped;
    else
        ++uncounted_;
}

EventMessagePtr SubscriptionLink::take(std::uint64_t& lost) {
    const std::lock_guard lock(mutex_);
    if (queue_.empty()) return nullptr;
    EventMessagePtr message = pop();
    lost = std::exchange(lost_, 0);
    if (counters_) {
        counters_->queued = queue_.size();
        ++counters_->delivered;
    }
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
        if (counters_) counters_->dropped += queue_.size();
        dropped_by_bus_ += queue_.size();
        counters_ = nullptr;
        queue_.clear();
        held_->remove(std::exchange(bytes_, 0));
    }
    subscription_.reset();  // waits for deliver() calls, so without the lock
}

}  // namespace clacks::bus
