// The terminal as one screen that is drawn again and again, as by top(1).
#pragma once

#include <termios.h>

#include <chrono>
#include <string_view>

#include "common/cli/top_view.hpp"

namespace clacks::cli {

// One at a time, on one thread. Make it before any other thread starts: SIGINT, SIGTERM and SIGWINCH are then
// read here and by nobody else. What the terminal showed before, and how it took keys, comes back at the end.
class Terminal {
  public:
    Terminal();
    ~Terminal();
    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;

    ScreenSize size() const;
    // False when nothing can be written any more.
    bool draw(std::string_view lines) const;

    enum class Wake { time, resized, quit };
    // Until the time is over, the size has changed, or the user wants to leave: q, SIGINT, SIGTERM, or no
    // more input.
    Wake wait(std::chrono::milliseconds time) const;

  private:
    int signals_;
    termios before_{};  // read by what makes keys_
    bool keys_;         // standard input is a terminal, too
};

}  // namespace clacks::cli
