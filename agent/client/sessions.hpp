// Who is logged on, as systemd-logind tells (org.freedesktop.login1(5)) on the system bus: asked at the
// start, and again whenever a session begins or ends. A bus that is not there, or went, is tried again.
//
// Not thread safe; never waits longer than a few seconds.
#pragma once

#include <systemd/sd-bus.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/result.hpp"

namespace clacks::machine {

class Sessions {
  public:
    struct Events {
        std::function<void()> changed;                       // users() is another list than before
        std::function<void(const Diagnostic&)> unavailable;  // told once, until it was there again
    };
    explicit Sessions(Events events) : events_(std::move(events)) {}

    // Takes what has come. To be called when the descriptor is ready, and at the time that it returns.
    SteadyTime process(SteadyTime now);
    // To be waited for; -1 while there is no bus.
    int descriptor() const { return bus_ ? sd_bus_get_fd(bus_.get()) : -1; }
    short poll_events() const { return bus_ ? static_cast<short>(sd_bus_get_events(bus_.get())) : short{0}; }
    // Each once, sorted.
    const std::vector<std::string>& users() const { return users_; }

  private:
    struct Close {
        void operator()(sd_bus* bus) const { sd_bus_close_unref(bus); }
    };
    using Bus = std::unique_ptr<sd_bus, Close>;

    static int note(sd_bus_message* message, void* sessions, sd_bus_error* error);
    Result<Bus, Diagnostic> open();
    Result<void, Diagnostic> drain();
    Result<void, Diagnostic> list();

    const Events events_;
    Bus bus_;
    bool stale_ = false;  // a session began or ended since the list was made
    bool told_ = false;
    SteadyTime again_at_;
    std::vector<std::string> users_;
};

}  // namespace clacks::machine
