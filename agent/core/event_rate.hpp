// How many events one user may send in a second: a token bucket for each, which holds one second's worth.
#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <unordered_map>

#include "common/base/token_bucket.hpp"

namespace clacks {

// Thread safety: admit() may be called from any thread.
class EventRate {
  public:
    // `per_second` 0 is no limit. The clock must outlive this.
    EventRate(std::size_t per_second, const Clock& clock) : per_second_(per_second), clock_(clock) {}

    // False when the user has to wait.
    bool admit(const std::string& user);
    std::size_t per_second() const { return per_second_; }

  private:
    void forget_full(SteadyTime now);

    const std::size_t per_second_;
    const Clock& clock_;
    std::mutex mutex_;
    std::unordered_map<std::string, TokenBucket> buckets_;
    std::size_t sweep_at_ = 64;  // as many buckets, and those that are full again are let go of
};

}  // namespace clacks
