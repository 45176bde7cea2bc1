// A clock that stands still until a test moves it. Thread safe.
#pragma once

#include <atomic>
#include <chrono>

#include "common/base/clock.hpp"

namespace clacks {

class ManualClock final : public Clock {
  public:
    WallTime wall() const override { return WallTime(std::chrono::milliseconds(1'700'000'000'000 + now_)); }
    SteadyTime steady() const override { return SteadyTime(std::chrono::milliseconds(1'000'000 + now_)); }
    void advance(std::chrono::milliseconds time) { now_ += time.count(); }

  private:
    std::atomic<std::int64_t> now_{0};
};

}  // namespace clacks
