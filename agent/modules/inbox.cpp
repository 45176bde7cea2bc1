#include "agent/modules/inbox.hpp"

#include <utility>

namespace clacks {

Inbox::Inbox(Worker& worker, std::size_t limit, Callback callback)
    : worker_(worker), limit_(limit), callback_(std::move(callback)) {}

void Inbox::close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    counts_.drop(DropReason::closed, waiting_.size());
    waiting_.clear();
}

void Inbox::deliver(const EventMessagePtr& message) {
    {
        const std::lock_guard lock(mutex_);
        if (!closed_) waiting_.push_back(message);
        ++counts_.matched;
        if (closed_) return counts_.drop(DropReason::closed);
        if (waiting_.size() > limit_) {
            waiting_.pop_front();
            return counts_.drop(DropReason::queue_full);  // its task takes the next one
        }
    }
    worker_.post([self = shared_from_this()] { self->take_one(); });
}

DeliveryCounts Inbox::counts() const {
    const std::lock_guard lock(mutex_);
    DeliveryCounts counts = counts_;
    counts.queued = waiting_.size() + handed_over_;
    return counts;
}

void Inbox::take_one() {
    EventMessagePtr message;
    {
        const std::lock_guard lock(mutex_);
        if (waiting_.empty()) return;
        message = std::move(waiting_.front());
        waiting_.pop_front();
        ++handed_over_;
    }
    callback_(message, Receipt(shared_from_this()));
}

void Inbox::settle(bool taken) {
    const std::lock_guard lock(mutex_);
    --handed_over_;
    if (taken)
        ++counts_.delivered;
    else
        counts_.drop(DropReason::closed);
}

Receipt::~Receipt() {
    if (inbox_) inbox_->settle(false);
}

void Receipt::taken() {
    std::exchange(inbox_, nullptr)->settle(true);
}

}  // namespace clacks
