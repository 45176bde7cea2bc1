#include "agent/modules/intake_box.hpp"

#include <utility>

namespace clacks {

IntakeBox::IntakeBox(Worker& worker, Counters& counters, Limits limits, std::function<void(std::string)> take,
                     std::function<void(std::uint64_t)> lost)
    : worker_(&worker),
      counters_(counters),
      limits_(limits),
      take_(std::move(take)),
      lost_(std::move(lost)) {}

bool IntakeBox::put(std::string body) {
    const std::lock_guard lock(mutex_);
    if (worker_ == nullptr) return false;
    bytes_ += body.size();
    waiting_.push_back(std::move(body));
    while (waiting_.size() > 1 && (waiting_.size() > limits_.messages || bytes_ > limits_.bytes)) {
        bytes_ -= waiting_.front().size();
        waiting_.pop_front();
        ++dropped_;
        ++counters_.messages_dropped;
    }
    if (tasks_ >= waiting_.size()) return true;
    ++tasks_;
    return worker_->post([self = shared_from_this()] { self->take_one(); });
}

void IntakeBox::close() {
    const std::lock_guard lock(mutex_);
    worker_ = nullptr;
    waiting_.clear();
}

void IntakeBox::take_one() {
    std::string body;
    std::uint64_t dropped = 0;
    {
        const std::lock_guard lock(mutex_);
        --tasks_;
        if (waiting_.empty()) return;
        body = std::move(waiting_.front());
        waiting_.pop_front();
        bytes_ -= body.size();
        if (waiting_.empty()) dropped = std::exchange(dropped_, 0);
    }
    take_(std::move(body));
    if (dropped > 0) lost_(dropped);
}

}  // namespace clacks
