/// @file
#pragma once

#include <chrono>

namespace clacks {

/// A moment of the calendar, to the millisecond.
using WallTime = std::chrono::time_point<std::chrono::system_clock, std::chrono::milliseconds>;
/// A moment of a clock that is never set, for measuring and waiting.
using SteadyTime = std::chrono::steady_clock::time_point;

/// Time is injected, so that tests decide what time it is.
///
/// Thread safety: implementations may be called from any thread.
class Clock {
  public:
    virtual ~Clock() = default;
    virtual WallTime wall() const = 0;      ///< for what people and messages are told
    virtual SteadyTime steady() const = 0;  ///< for measuring and waiting
};

/// The machine's own clocks; the only place that reads them.
const Clock& system_clock();

}  // namespace clacks
