// The daemon's one thread that does things: waits for signals, for what other threads post, for one
// descriptor, and for the time.
//
// Thread safety: post() may be called from any thread; all else comes from the one that calls run().
#pragma once

#include <poll.h>
#include <signal.h>

#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include "common/base/clock.hpp"

namespace clacks::machine {

class Loop {
  public:
    // Takes these signals, which are blocked in all threads: the first of them ends run().
    explicit Loop(const sigset_t& signals);
    ~Loop();
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    // Waits for this descriptor, too, until another is given; -1 for none. `events` as of poll(2).
    void watch(int descriptor, short events) { watched_ = {descriptor, events, 0}; }
    // Runs the job on the loop's thread, soon. Jobs that are left when run() ends are dropped.
    void post(std::function<void()> job);
    // Calls `tick` whenever something happened and at the time that it returned last (none: no limit).
    // Returns the signal's number.
    int run(const std::function<std::optional<SteadyTime>()>& tick);

  private:
    void wait(std::optional<SteadyTime> until);
    int pending_signal() const;
    void run_jobs();

    int signals_, wake_;
    pollfd watched_{-1, 0, 0};
    std::mutex mutex_;
    std::vector<std::function<void()>> jobs_;
};

}  // namespace clacks::machine
