// When a client tells of itself: at once when it is connected, after a random part of a window when it is
// asked, and by a ping when it has said nothing for an interval.
//
// Time and randomness are given to it. Not thread safe.
#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <optional>

#include "common/base/clock.hpp"

namespace clacks::machine {

class Presence {
  public:
    using Random = std::function<double()>;  // uniform in [0, 1)
    enum class Due { nothing, announcement, ping };

    Presence(std::chrono::milliseconds ping_interval, std::chrono::milliseconds answer_window, Random random)
        : ping_interval_(ping_interval), answer_window_(answer_window), random_(std::move(random)) {}

    void connected(SteadyTime now) { announce_at_ = now; }
    // Nothing is due until it is connected again.
    void disconnected() { announce_at_ = ping_at_ = std::nullopt; }
    // ClientPoll came. An announcement that waits already will do.
    void polled(SteadyTime now) {
        if (announce_at_) return;
        announce_at_ = now + std::chrono::duration_cast<SteadyTime::duration>(answer_window_ * random_());
    }
    // What to send now; it counts as sent.
    Due take(SteadyTime now) {
        const bool announce = announce_at_ && *announce_at_ <= now;
        if (!announce && !(ping_at_ && *ping_at_ <= now)) return Due::nothing;
        if (announce) announce_at_.reset();
        ping_at_ = now + ping_interval_;
        return announce ? Due::announcement : Due::ping;
    }
    // When take() should be called next; nothing while nothing will be due.
    std::optional<SteadyTime> next() const {
        if (announce_at_ && ping_at_) return std::min(*announce_at_, *ping_at_);
        return announce_at_ ? announce_at_ : ping_at_;
    }

  private:
    std::chrono::milliseconds ping_interval_, answer_window_;
    Random random_;
    std::optional<SteadyTime> announce_at_, ping_at_;
};

}  // namespace clacks::machine
