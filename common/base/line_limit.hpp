// Keeps strangers from filling the log: a few lines at once, then so many a second, then only a count.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "common/base/clock.hpp"

namespace clacks {

class LineLimit {
  public:
    // `at_once` lines are admitted after a pause; each spent one comes back after `pause`.
    LineLimit(int at_once, std::chrono::milliseconds pause) : at_once_(at_once), pause_(pause) {}

    // What to append to the line, "" or the number of lines left out before it; nothing when this line
    // is to be left out, too.
    std::optional<std::string> admit(SteadyTime now) {
        // The time at which all lines are to be had again; each line admitted moves it by one pause.
        full_ = std::max(full_, now);
        if (full_ + pause_ > now + at_once_ * pause_) {
            ++left_out_;
            return std::nullopt;
        }
        full_ += pause_;
        const std::uint64_t before = std::exchange(left_out_, 0);
        return before == 0 ? std::string() : " (" + std::to_string(before) + " more like it before)";
    }

  private:
    int at_once_;
    std::chrono::milliseconds pause_;
    SteadyTime full_{};
    std::uint64_t left_out_ = 0;
};

}  // namespace clacks
