// The mailbox of a module's intake: filled on the bus thread, emptied on the module's own; bounded.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "agent/modules/worker.hpp"
#include "agent/telemetry/counters.hpp"

namespace clacks {

class IntakeBox : public std::enable_shared_from_this<IntakeBox> {
  public:
    struct Limits {
        std::size_t messages = 10000;
        std::size_t bytes = 16 * 1024 * 1024;
    };
    // `take` and `lost` are called on the worker and must not throw; `lost` with the number of messages that
    // went, once the box is empty again. The counters must outlive the box, the worker its close().
    IntakeBox(Worker& worker, Counters& counters, Limits limits, std::function<void(std::string)> take,
              std::function<void(std::uint64_t)> lost);

    // From any thread; false once the box is closed.
    bool put(std::string body);
    // Nothing is taken after this.
    void close();

  private:
    void take_one();

    Worker* worker_;  // null once closed
    Counters& counters_;
    const Limits limits_;
    const std::function<void(std::string)> take_;
    const std::function<void(std::uint64_t)> lost_;
    std::mutex mutex_;
    std::deque<std::string> waiting_;
    std::size_t bytes_ = 0;
    std::size_t tasks_ = 0;      // posted: as many as messages wait, or more where some have gone
    std::uint64_t dropped_ = 0;  // since the box was empty
};

}  // namespace clacks
