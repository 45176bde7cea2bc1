// The one thread of a module: tasks in the order of their posting, and timers.
//
// Thread safety: post, after, call and wake may be called from any thread; stop not from the worker's own.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "common/base/clock.hpp"

namespace clacks {

class Worker {
  public:
    // The clock must outlive the worker. Tasks must not throw.
    explicit Worker(const Clock& clock);
    ~Worker();  // stops
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    // A worker begins held: only first() runs, all else waits for this.
    void release();
    // False once the worker is stopping: the task is dropped.
    bool post(std::function<void()> task);
    void after(std::chrono::milliseconds delay, bool repeat, std::function<void()> task);
    // Runs the task on the worker and waits for it; at once where called from the worker itself. False
    // when the worker is stopping.
    bool call(const std::function<void()>& task);
    // The same before everything that waits, also while the worker is held.
    bool first(const std::function<void()>& task);
    // Looks at the clock again; for clocks that do not run by themselves.
    void wake();
    // Drops what has not begun, lets the running task finish, joins.
    void stop();

  private:
    struct Timer {
        SteadyTime due;
        std::chrono::milliseconds interval;  // zero: once
        std::function<void()> task;
    };
    bool call(const std::function<void()>& task, bool first);
    bool take(std::function<void()>& task);
    void run();
    void run_due_timers(std::unique_lock<std::mutex>& lock);
    std::chrono::nanoseconds until_next_timer() const;

    const Clock& clock_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::function<void()>> first_;
    std::deque<std::function<void()>> tasks_;
    std::vector<Timer> timers_;
    bool held_ = true;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace clacks
