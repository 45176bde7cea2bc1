// The way of strangers' events into the agent, closed when it stops: what comes from modules after that,
// NodeLeave above all, is the last.
#pragma once

#include <atomic>
#include <utility>

#include "agent/api/events.hpp"

namespace clacks {

// Thread safety: every member may be called from any thread.
class Gate final : public EventSink {
  public:
    explicit Gate(EventSink& behind) : behind_(behind) {}

    Result<Published> publish(Publication publication) override {
        if (!closed_) return behind_.publish(std::move(publication));
        Diagnostic problem;
        problem.code = "agent-stopping";
        problem.message = "the agent is stopping and takes no more events";
        problem.hint = "send the event again once the agent is back";
        return problem;
    }
    void close() { closed_ = true; }

  private:
    EventSink& behind_;
    std::atomic<bool> closed_{false};
};

}  // namespace clacks
