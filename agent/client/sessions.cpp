#include "agent/client/sessions.hpp"

#include <cstdlib>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

namespace clacks::machine {

namespace {

constexpr const char* kService = "org.freedesktop.login1";
constexpr const char* kPath = "/org/freedesktop/login1";
constexpr const char* kManager = "org.freedesktop.login1.Manager";
constexpr std::chrono::microseconds kAnswerTime{std::chrono::seconds(3)};
constexpr std::chrono::seconds kPause{30};

Diagnostic failed(const std::string& what, int error) {
    Diagnostic found;
    found.code = "logind";
    found.message = what + ": " + std::system_category().message(-error);
    found.hint = "users who log on are not told until systemd-logind answers on the system bus";
    return found;
}

// A session of a person: not the greeter's, and not one that only keeps services.
bool of_a_person(sd_bus* bus, const char* session) {
    char* kind = nullptr;
    if (sd_bus_get_property_string(bus, kService, session, "org.freedesktop.login1.Session", "Class", nullptr,
                                   &kind) < 0)
        return true;  // it ended, or does not tell
    const std::unique_ptr<char, decltype(&std::free)> owner(kind, std::free);
    return std::string_view(kind).starts_with("user");
}

}  // namespace

SteadyTime Sessions::process(SteadyTime now) {
    if (!bus_ && now < again_at_) return again_at_;
    auto done = Result<void, Diagnostic>();
    if (!bus_) {
        auto opened = open();
        if (opened)
            bus_ = std::move(*opened);
        else
            done = std::move(opened).error();
        stale_ = true;
    }
    if (done) done = drain();
    if (done && stale_) done = list();
    if (done) {
        told_ = false;
        return now + kPause;
    }
    bus_.reset();
    if (!std::exchange(told_, true)) events_.unavailable(done.error());
    return again_at_ = now + kPause;
}

Result<Sessions::Bus, Diagnostic> Sessions::open() {
    sd_bus* made = nullptr;
    if (const int error = sd_bus_open_system(&made); error < 0) return failed("no system bus", error);
    Bus bus(made);
    sd_bus_set_method_call_timeout(bus.get(), static_cast<std::uint64_t>(kAnswerTime.count()));
    for (const char* signal : {"SessionNew", "SessionRemoved"})
        if (const int error =
                sd_bus_match_signal(bus.get(), nullptr, kService, kPath, kManager, signal, note, this);
            error < 0)
            return failed(std::string("no subscription to ") + signal, error);
    return bus;
}

int Sessions::note(sd_bus_message*, void* sessions, sd_bus_error*) {
    static_cast<Sessions*>(sessions)->stale_ = true;
    return 0;
}

Result<void, Diagnostic> Sessions::drain() {
    for (;;) {
        const int found = sd_bus_process(bus_.get(), nullptr);
        if (found < 0) return failed("the system bus was lost", found);
        if (found == 0) return {};
    }
}

Result<void, Diagnostic> Sessions::list() {
    sd_bus_message* reply = nullptr;
    int error =
        sd_bus_call_method(bus_.get(), kService, kPath, kManager, "ListSessions", nullptr, &reply, "");
    if (error < 0) return failed("systemd-logind does not list its sessions", error);
    const std::unique_ptr<sd_bus_message, decltype(&sd_bus_message_unref)> owner(reply, sd_bus_message_unref);
    std::set<std::string> users;
    error = sd_bus_message_enter_container(reply, SD_BUS_TYPE_ARRAY, "(susso)");
    while (error >= 0) {
        const char *id = nullptr, *user = nullptr, *seat = nullptr, *session = nullptr;
        std::uint32_t uid = 0;
        error = sd_bus_message_read(reply, "(susso)", &id, &uid, &user, &seat, &session);
        if (error <= 0) break;
        if (of_a_person(bus_.get(), session)) users.emplace(user);
    }
    if (error < 0) return failed("the list of sessions cannot be read", error);
    stale_ = false;
    std::vector<std::string> now(users.begin(), users.end());
    if (now == users_) return {};
    users_ = std::move(now);
    events_.changed();
    return {};
}

}  // namespace clacks::machine
