// The way of strangers' events into the agent: each user's rate is held here, and it is closed when the agent
// stops, as what comes from modules after that, NodeLeave above all, is the last.
#pragma once

#include <atomic>
#include <utility>

#include "agent/api/events.hpp"
#include "agent/core/event_rate.hpp"
#include "agent/telemetry/counters.hpp"
#include "common/base/text.hpp"

namespace clacks {

// Thread safety: every member may be called from any thread.
class Gate final : public EventSink {
  public:
    // All must outlive the gate.
    Gate(EventSink& behind, EventRate& rate, Counters& counters)
        : behind_(behind), rate_(rate), counters_(counters) {}

    Result<Published> publish(Publication publication) override {
        if (closed_) return stopping();
        if (rate_.admit(publication.user)) return behind_.publish(std::move(publication));
        ++counters_.rejected;
        ++counters_.rate_limited;
        return too_many(publication.user);
    }
    void close() { closed_ = true; }

  private:
    static Diagnostic stopping() {
        Diagnostic problem;
        problem.code = "agent-stopping";
        problem.message = "the agent is stopping and takes no more events";
        problem.hint = "send the event again once the agent is back";
        return problem;
    }
    Diagnostic too_many(const std::string& user) const {
        Diagnostic problem;
        problem.code = "event-rate-limit";
        problem.message = "'" + one_line(user, 80) + "' sends more than " +
                          std::to_string(rate_.per_second()) + " events a second";
        problem.hint = "send it again later, or raise [limits] events-per-second";
        return problem;
    }

    EventSink& behind_;
    EventRate& rate_;
    Counters& counters_;
    std::atomic<bool> closed_{false};
};

}  // namespace clacks
