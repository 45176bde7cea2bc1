// The threads for commands that may wait, so that the bus never does, and that one which waits for a silent
// client keeps no other from its answer.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace clacks {

// Thread safety: run may be called from any thread; stop from any but its own.
class CommandWorker {
  public:
    CommandWorker();
    ~CommandWorker();
    CommandWorker(const CommandWorker&) = delete;
    CommandWorker& operator=(const CommandWorker&) = delete;

    // Begun in order, and side by side as far as there are threads. False: work beyond what may wait, or
    // after a stop, which is destroyed without running.
    bool run(std::function<void()> work);
    // Destroys what waits, lets the running work finish, joins.
    void stop();

  private:
    static constexpr std::size_t kMostWaiting = 1000;
    static constexpr std::size_t kMostThreads = 32;  // started when they are needed
    void start_another();
    void loop();
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::function<void()>> waiting_;
    std::size_t idle_ = 0;  // threads that wait for work, those just started included
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace clacks
