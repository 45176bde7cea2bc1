#include "agent/core/heartbeat.hpp"

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <cstdio>

#include "common/log/log.hpp"
#include "common/service/service_manager.hpp"

namespace clacks {

namespace {

constexpr std::chrono::milliseconds kLongestBeat{5000};
constexpr std::chrono::milliseconds kShortestBeat{10};

// Three times within the watchdog's patience, so that one late beat does no harm.
std::chrono::milliseconds beat() {
    const std::chrono::milliseconds patience = service_manager::watchdog_time();
    if (patience.count() == 0) return kLongestBeat;
    return std::clamp(patience / 3, kShortestBeat, kLongestBeat);
}

long seconds(SteadyTime::duration time) {
    return static_cast<long>(std::chrono::duration_cast<std::chrono::seconds>(time).count());
}

}  // namespace

// Shared with the work that waits for the bus thread, which may outlast the heartbeat.
struct Heartbeat::Answer {
    std::atomic<bool> due{false};
    SteadyTime asked;
};

Heartbeat::Heartbeat(Agent& agent, const Clock& clock)
    : agent_(agent), clock_(clock), answer_(std::make_shared<Answer>()), counted_at_(clock.steady()) {
    published_ = agent_.activity().published;
    thread_ = std::thread([this] { loop(); });
}

Heartbeat::~Heartbeat() {
    {
        const std::lock_guard lock(mutex_);
        over_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void Heartbeat::note(std::string text) {
    const std::lock_guard lock(mutex_);
    note_ = std::move(text);
}

void Heartbeat::stopping() {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
}

void Heartbeat::loop() {
    pthread_setname_np(pthread_self(), "heartbeat");
    const std::chrono::milliseconds pause = beat();
    std::unique_lock lock(mutex_);
    while (!changed_.wait_for(lock, pause, [this] { return over_; })) {
        const std::string note = note_;
        const bool stopping = stopping_;
        lock.unlock();
        const SteadyTime now = clock_.steady();
        ask_bus(now);
        agent_.look_at_certificates(clock_.wall());
        if (!stopping) {
            std::string text = status(now);
            for (const std::string& more : {note, log::failure()}) text += (more.empty() ? "" : "; ") + more;
            service_manager::status(text);
        }
        lock.lock();
    }
}

void Heartbeat::ask_bus(SteadyTime now) {
    if (answer_->due) {
        if (silent_) return;
        silent_ = true;
        log::error(
            "the bus does not answer; under a service manager with a watchdog it is restarted if that lasts",
            {"bus-silent", {}, {}});
        return;
    }
    if (silent_) log::info("the bus answers again", {"bus-answers", {}, {}});
    silent_ = false;
    answer_->asked = now;
    answer_->due = true;
    agent_.post_to_bus([answer = answer_] {
        service_manager::alive();
        answer->due = false;
    });
}

std::string Heartbeat::status(SteadyTime now) {
    if (silent_)
        return "the bus has not answered for " + std::to_string(seconds(now - answer_->asked)) + " s";
    const Agent::Activity activity = agent_.activity();
    const double elapsed = std::chrono::duration<double>(now - counted_at_).count();
    const double rate = elapsed > 0 ? static_cast<double>(activity.published - published_) / elapsed : 0;
    published_ = activity.published;
    counted_at_ = now;
    char text[160];
    std::snprintf(text, sizeof text, "%.1f events/s, %llu subscriptions, %llu connections", rate,
                  static_cast<unsigned long long>(activity.subscriptions),
                  static_cast<unsigned long long>(activity.connections));
    return text;
}

}  // namespace clacks
