// The one thread of a module: tasks in the order of their posting, timers, and descriptors to wait for.
//
// Thread safety: post, after, watch, unwatch and call may be called from any thread; pass and stop not from
// the worker's own.
#pragma once

#include <poll.h>

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "agent/api/module.hpp"
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
    // Runs the task whenever the descriptor is ready, until unwatch(); a second watch replaces the first.
    void watch(int descriptor, Ready ready, std::function<void()> task);
    void unwatch(int descriptor);
    // Runs the task on the worker and waits for it; at once where called from the worker itself. False
    // when the worker is stopping.
    bool call(const std::function<void()>& task);
    // The same before everything that waits, also while the worker is held.
    bool first(const std::function<void()>& task);
    // Looks at the clock again, and waits until every timer that is due has run; for clocks that do not run
    // by themselves.
    void pass();
    // Drops what has not begun, lets the running task finish, joins.
    void stop();

  private:
    struct Timer {
        SteadyTime due;
        std::chrono::milliseconds interval;  // zero: once
        std::function<void()> task;
    };
    using Task = std::shared_ptr<const std::function<void()>>;
    struct Watched {
        short events;
        Task task;
    };
    bool call(const std::function<void()>& task, bool first);
    void notify();
    void run();
    bool take(std::function<void()>& task);
    void run_tasks(std::unique_lock<std::mutex>& lock);
    void run_due_timers(std::unique_lock<std::mutex>& lock);
    void run_ready(std::unique_lock<std::mutex>& lock);
    void wait(std::unique_lock<std::mutex>& lock);
    bool idle() const;
    std::chrono::nanoseconds until_next_timer() const;

    const Clock& clock_;
    std::mutex mutex_;
    const int wake_;              // an eventfd
    bool waiting_ = false;        // in poll: a change must be told
    std::vector<pollfd> polled_;  // the worker's own: what poll() was asked and answered
    std::map<int, Watched> watched_;
    std::deque<std::function<void()>> first_;
    std::deque<std::function<void()>> tasks_;
    std::vector<Timer> timers_;
    bool held_ = true;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace clacks
