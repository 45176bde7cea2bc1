#include "agent/core/event_rate.hpp"

#include <algorithm>

namespace clacks {

bool EventRate::admit(const std::string& user) {
    if (per_second_ == 0) return true;
    const SteadyTime now = clock_.steady();
    const std::lock_guard lock(mutex_);
    if (buckets_.size() >= sweep_at_) forget_full(now);
    Bucket& bucket = buckets_.try_emplace(user, Bucket{static_cast<double>(per_second_), now}).first->second;
    bucket = {tokens(bucket, now), now};
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
}

double EventRate::tokens(const Bucket& bucket, SteadyTime now) const {
    const std::chrono::duration<double> passed = now - bucket.filled;
    const auto most = static_cast<double>(per_second_);
    return std::min(most, bucket.tokens + passed.count() * most);
}

// A full bucket is as good as none.
void EventRate::forget_full(SteadyTime now) {
    const auto most = static_cast<double>(per_second_);
    std::erase_if(buckets_, [&](const auto& entry) { return tokens(entry.second, now) >= most; });
    sweep_at_ = std::max<std::size_t>(64, 2 * buckets_.size());
}

}  // namespace clacks
