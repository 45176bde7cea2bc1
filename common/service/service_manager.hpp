// What a daemon tells the service manager that started it, as sd_notify(3) says. Does nothing where there
// is none.
//
// A manager that does not read never holds the daemon: status() and alive() come again and are dropped
// while its socket is full; the others are told once, and wait for it for at most a second.
//
// Thread safety: every function may be called from any thread.
#pragma once

#include <chrono>
#include <string>

namespace clacks::service_manager {

void ready(const std::string& status);
void reloading();
// `longest`: the time that the stop may take before the service manager should lose patience.
void stopping(std::chrono::milliseconds longest);
// One line for `systemctl status`.
void status(const std::string& text);
void alive();

// How often alive() must be called at least, or 0 when nobody waits for it.
std::chrono::milliseconds watchdog_time();

}  // namespace clacks::service_manager
