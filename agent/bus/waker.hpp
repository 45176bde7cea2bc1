// The only two calls into the bus that other threads may make: wake a connection, run work on the loop.
#pragma once

#include <proton/connection.h>
#include <proton/proactor.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <vector>

namespace clacks::bus {

// Wakes one connection at most once per batch. proton forbids a wake after the transport's end.
class Waker {
  public:
    explicit Waker(pn_connection_t* connection) : connection_(connection) {}

    void wake() {
        const std::lock_guard lock(mutex_);
        if (!connection_ || pending_) return;
        pending_ = true;
        pn_connection_wake(connection_);
    }
    void woken() {
        const std::lock_guard lock(mutex_);
        pending_ = false;
    }
    void close() {
        const std::lock_guard lock(mutex_);
        connection_ = nullptr;
    }

    // Links of the connection that are to be asked again though no event will tell: told here, as looking at
    // each of many links takes longer than sending. From any thread.
    void add_blocked() { ++blocked_; }
    void remove_blocked() { --blocked_; }
    bool any_blocked() const { return blocked_ > 0; }

  private:
    std::mutex mutex_;
    pn_connection_t* connection_;
    bool pending_ = false;
    std::atomic<std::size_t> blocked_{0};
};

// Work for the loop's thread. Dropped once the loop has ended.
class WorkQueue {
  public:
    using Work = std::function<void()>;

    void open(pn_proactor_t* proactor) {
        const std::lock_guard lock(mutex_);
        proactor_ = proactor;
    }
    void close() {
        std::vector<Work> dropped;
        const std::lock_guard lock(mutex_);
        proactor_ = nullptr;
        dropped.swap(work_);
    }
    void post(Work work) {
        const std::lock_guard lock(mutex_);
        if (!proactor_) return;
        work_.push_back(std::move(work));
        if (work_.size() == 1) pn_proactor_interrupt(proactor_);
    }
    std::vector<Work> take() {
        const std::lock_guard lock(mutex_);
        return std::exchange(work_, {});
    }

  private:
    std::mutex mutex_;
    pn_proactor_t* proactor_ = nullptr;
    std::vector<Work> work_;
};

}  // namespace clacks::bus
