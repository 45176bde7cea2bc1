// SIGINT and SIGTERM as an orderly end.
#pragma once

#include <atomic>
#include <csignal>
#include <functional>
#include <thread>

namespace clacks::cli {

// Make it before any other thread starts: they inherit that the signals are not theirs. `stop` is called
// on a thread of its own at the first signal.
class EndOnSignal {
  public:
    explicit EndOnSignal(std::function<void()> stop);
    ~EndOnSignal();
    EndOnSignal(const EndOnSignal&) = delete;
    EndOnSignal& operator=(const EndOnSignal&) = delete;

  private:
    sigset_t signals_;
    std::atomic<bool> finished_{false};
    std::thread thread_;
};

}  // namespace clacks::cli
