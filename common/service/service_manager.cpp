#include "common/service/service_manager.hpp"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <string_view>

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

// Longer than a manager that lives needs, and short enough to start and to stop without one that reads.
constexpr timeval kPatience{1, 0};

enum class IfFull { wait, drop };

// sd_notify(3) itself waits without end while the manager's socket is full, and the caller may be the bus.
void tell(const std::string& state, IfFull if_full) {
    const char* place = std::getenv("NOTIFY_SOCKET");  // NOLINT(concurrency-mt-unsafe): nobody sets it here
    const std::string_view path = place ? place : "";
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() < 2 || path.size() >= sizeof address.sun_path) return;
    path.copy(address.sun_path, path.size());
    if (path.front() == '@') address.sun_path[0] = '\0';  // in the abstract namespace, unix(7)

    const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (socket < 0) return;
    ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof kPatience);
    const int flags = MSG_NOSIGNAL | (if_full == IfFull::drop ? MSG_DONTWAIT : 0);
    ::sendto(socket, state.data(), state.size(), flags, reinterpret_cast<const sockaddr*>(&address),
             static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size()));
    ::close(socket);
}

}  // namespace

void ready(const std::string& text) {
    tell("READY=1\n" + status_line(text), IfFull::wait);
}

void reloading() {
    // The steady clock is CLOCK_MONOTONIC, which the service manager compares with.
    tell("RELOADING=1\nMONOTONIC_USEC=" + microseconds(system_clock().steady().time_since_epoch()) + "\n" +
             status_line("reloading"),
         IfFull::wait);
}

void stopping(std::chrono::milliseconds longest) {
    tell("STOPPING=1\nEXTEND_TIMEOUT_USEC=" + microseconds(longest) + "\n" + status_line("stopping"),
         IfFull::wait);
}

void status(const std::string& text) {
    tell(status_line(text), IfFull::drop);
}

void alive() {
    tell("WATCHDOG=1", IfFull::drop);
}

std::chrono::milliseconds watchdog_time() {
    std::uint64_t time = 0;  // microseconds
    if (sd_watchdog_enabled(0, &time) <= 0) return std::chrono::milliseconds(0);
    return std::chrono::milliseconds(time / 1000);
}

}  // namespace clacks::service_manager
