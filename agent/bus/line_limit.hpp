// Keeps strangers from filling the log: so many lines a second, then only a count.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "common/base/clock.hpp"

namespace clacks::bus {

class LineLimit {
  public:
    explicit LineLimit(int lines_a_second) : lines_(lines_a_second) {}

    // What to append to the line, "" or the number of lines left out before it; nothing when this line
    // is to be left out, too.
    std::optional<std::string> admit(SteadyTime now) {
        if (!since_ || now - *since_ >= std::chrono::seconds(1)) {
            since_ = now;
            used_ = 0;
        }
        if (used_ >= lines_) {
            ++left_out_;
            return std::nullopt;
        }
        ++used_;
        const std::uint64_t before = std::exchange(left_out_, 0);
        return before == 0 ? std::string() : " (" + std::to_string(before) + " more like it before)";
    }

  private:
    int lines_;
    int used_ = 0;
    std::uint64_t left_out_ = 0;
    std::optional<SteadyTime> since_;
};

}  // namespace clacks::bus
