// Proof of life: at every beat asks the bus thread to tell the service manager that it is alive, and writes
// the status line. A bus that no longer comes by is told nobody for alive, is logged, and stands in the
// status.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "agent/core/agent.hpp"
#include "common/base/clock.hpp"

namespace clacks {

// Thread safety: note may be called from any thread.
class Heartbeat {
  public:
    // A started agent, which must outlive it.
    explicit Heartbeat(Agent& agent, const Clock& clock = system_clock());
    ~Heartbeat();
    Heartbeat(const Heartbeat&) = delete;
    Heartbeat& operator=(const Heartbeat&) = delete;

    // Stands behind the status until replaced; "" for none.
    void note(std::string text);
    // From now on only life is told, no status.
    void stopping();

  private:
    struct Answer;
    void loop();
    void ask_bus(SteadyTime now);
    std::string status(SteadyTime now);

    Agent& agent_;
    const Clock& clock_;
    std::shared_ptr<Answer> answer_;
    bool silent_ = false;  // the bus, as was logged
    std::uint64_t published_ = 0;
    SteadyTime counted_at_;

    std::mutex mutex_;
    std::condition_variable changed_;
    std::string note_;
    bool stopping_ = false, over_ = false;
    std::thread thread_;
};

}  // namespace clacks
