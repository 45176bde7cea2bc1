#include "agent/modules/inbox.hpp"

#include <utility>

namespace clacks {

Inbox::Inbox(Worker& worker, Counters& counters, std::size_t limit, Callback callback)
    : worker_(worker), counters_(counters), limit_(limit), callback_(std::move(callback)) {}

void Inbox::count_for(SubscriptionCounters* counters) {
    const std::lock_guard lock(mutex_);
    subscription_ = counters;
}

void Inbox::deliver(const EventMessagePtr& message) {
    {
        const std::lock_guard lock(mutex_);
        waiting_.push_back(message);
        if (waiting_.size() > limit_) {
            waiting_.pop_front();
            ++counters_.dropped;
            if (subscription_ != nullptr) ++subscription_->dropped;
            return;  // the task that would have taken the lost one takes this one
        }
        if (subscription_ != nullptr) subscription_->queued = waiting_.size();
    }
    worker_.post([self = shared_from_this()] { self->take_one(); });
}

void Inbox::take_one() {
    EventMessagePtr message;
    {
        const std::lock_guard lock(mutex_);
        if (waiting_.empty()) return;
        message = std::move(waiting_.front());
        waiting_.pop_front();
        if (subscription_ != nullptr) {
            ++subscription_->delivered;
            subscription_->queued = waiting_.size();
        }
    }
    ++counters_.delivered;
    callback_(message);
}

}  // namespace clacks
