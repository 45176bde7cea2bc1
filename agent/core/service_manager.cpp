#include "agent/core/service_manager.hpp"

#include <systemd/sd-daemon.h>

#include "common/base/clock.hpp"
#include "common/base/text.hpp"

namespace clacks::service_manager {

namespace {

constexpr std::size_t kLongestStatus = 500;

template <class Duration>
std::string microseconds(Duration time) {
    return std::to_string(std::chrono::duration_cast<std::chrono::microseconds>(time).count());
}

std::string status_line(const std::string& text) {
    return "STATUS=" + one_line(text, kLongestStatus);
}

void tell(const std::string& state) {
    sd_notify(0, state.c_str());
}

}  // namespace

void ready(const std::string& text) {
    tell("READY=1\n" + status_line(text));
}

void reloading() {
    // The steady clock is CLOCK_MONOTONIC, which the service manager compares with.
    tell("RELOADING=1\nMONOTONIC_USEC=" + microseconds(system_clock().steady().time_since_epoch()) + "\n" +
         status_line("reloading"));
}

void stopping(std::chrono::milliseconds longest) {
    tell("STOPPING=1\nEXTEND_TIMEOUT_USEC=" + microseconds(longest) + "\n" + status_line("stopping"));
}

void status(const std::string& text) {
    tell(status_line(text));
}

void alive() {
    tell("WATCHDOG=1");
}

std::chrono::milliseconds watchdog_time() {
    std::uint64_t time = 0;  // microseconds
    if (sd_watchdog_enabled(0, &time) <= 0) return std::chrono::milliseconds(0);
    return std::chrono::milliseconds(time / 1000);
}

}  // namespace clacks::service_manager
