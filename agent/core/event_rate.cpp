#include "agent/core/event_rate.hpp"

#include <algorithm>

namespace clacks {

bool EventRate::admit(const std::string& user) {
    if (per_second_ == 0) return true;
    const SteadyTime now = clock_.steady();
    const std::lock_guard lock(mutex_);
    if (buckets_.size() >= sweep_at_) forget_full(now);
    TokenBucket& bucket = buckets_.try_emplace(user, static_cast<double>(per_second_), now).first->second;
    if (bucket.tokens(now) < 1) return false;
    bucket.take(1, now);
    return true;
}

// A full bucket is as good as none.
void EventRate::forget_full(SteadyTime now) {
    std::erase_if(buckets_, [&](const auto& entry) { return entry.second.full(now); });
    sweep_at_ = std::max<std::size_t>(64, 2 * buckets_.size());
}

}  // namespace clacks
