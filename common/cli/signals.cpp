#include "common/cli/signals.hpp"

#include <pthread.h>

namespace clacks::cli {

EndOnSignal::EndOnSignal(std::function<void()> stop) {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGINT);
    sigaddset(&signals_, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
    thread_ = std::thread([this, stop = std::move(stop)] {
        int signal = 0;
        while (sigwait(&signals_, &signal) != 0) {
        }
        if (!finished_) stop();
    });
}

EndOnSignal::~EndOnSignal() {
    finished_ = true;
    // No more than a wake-up, where it still waits. NOLINTNEXTLINE(bugprone-bad-signal-to-kill-thread)
    pthread_kill(thread_.native_handle(), SIGTERM);
    thread_.join();
}

}  // namespace clacks::cli
