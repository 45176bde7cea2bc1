// The thread for commands that may wait, so that the bus never does.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace clacks {

// Thread safety: run may be called from any thread; stop from any but its own.
class CommandWorker {
  public:
    CommandWorker();
    ~CommandWorker();
    CommandWorker(const CommandWorker&) = delete;
    CommandWorker& operator=(const CommandWorker&) = delete;

    // In order. False: work beyond what may wait, or after a stop, which is destroyed without running.
    bool run(std::function<void()> work);
    // Destroys what waits, lets the running work finish, joins.
    void stop();

  private:
    static constexpr std::size_t kMostWaiting = 1000;
    void loop();
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::function<void()>> waiting_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace clacks
