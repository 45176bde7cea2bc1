// A token bucket: filled at a steady rate, and full with one second's worth.
#pragma once

#include <algorithm>
#include <chrono>

#include "common/base/clock.hpp"

namespace clacks {

class TokenBucket {
  public:
    // Full.
    TokenBucket(double per_second, SteadyTime now)
        : per_second_(per_second), tokens_(per_second), filled_(now) {}

    double tokens(SteadyTime now) const {
        const std::chrono::duration<double> passed = now - filled_;
        return std::min(per_second_, tokens_ + passed.count() * per_second_);
    }
    bool full(SteadyTime now) const { return tokens(now) >= per_second_; }
    // May take more than there is; what is missing is filled up first.
    void take(double wanted, SteadyTime now) {
        tokens_ = tokens(now) - wanted;
        filled_ = now;
    }

  private:
    double per_second_, tokens_;
    SteadyTime filled_;
};

}  // namespace clacks
