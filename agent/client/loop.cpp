#include "agent/client/loop.hpp"

#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

namespace clacks::machine {

namespace {

int checked(int descriptor, const char* what) {
    if (descriptor < 0) throw std::system_error(errno, std::system_category(), what);
    return descriptor;
}

int milliseconds_until(std::optional<SteadyTime> time) {
    if (!time) return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*time - system_clock().steady());
    return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 3'600'000));
}

}  // namespace

Loop::Loop(const sigset_t& signals)
    : signals_(checked(signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC), "signalfd")),
      wake_(checked(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC), "eventfd")) {}

Loop::~Loop() {
    ::close(signals_);
    ::close(wake_);
}

void Loop::post(std::function<void()> job) {
    {
        const std::lock_guard lock(mutex_);
        jobs_.push_back(std::move(job));
    }
    const std::uint64_t one = 1;
    (void)!::write(wake_, &one, sizeof one);
}

int Loop::run(const std::function<std::optional<SteadyTime>()>& tick) {
    for (;;) {
        if (const int number = pending_signal(); number != 0) return number;
        run_jobs();
        wait(tick());
    }
}

void Loop::wait(std::optional<SteadyTime> until) {
    pollfd polled[] = {{signals_, POLLIN, 0}, {wake_, POLLIN, 0}, watched_};
    ::poll(polled, std::size(polled), milliseconds_until(until));
    std::uint64_t told = 0;
    (void)!::read(wake_, &told, sizeof told);
}

int Loop::pending_signal() const {
    signalfd_siginfo info{};
    return ::read(signals_, &info, sizeof info) == sizeof info ? static_cast<int>(info.ssi_signo) : 0;
}

void Loop::run_jobs() {
    std::vector<std::function<void()>> jobs;
    {
        const std::lock_guard lock(mutex_);
        jobs.swap(jobs_);
    }
    for (const auto& job : jobs) job();
}

}  // namespace clacks::machine
