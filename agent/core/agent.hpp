// The whole agent: puts the parts together and owns the order in which they start and stop.
//
// Thread safety: make, start and stop come from one thread; the others, once started, from any.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "agent/core/reload.hpp"
#include "common/base/clock.hpp"
#include "common/base/result.hpp"
#include "common/config/settings.hpp"

namespace clacks {

class Agent {
  public:
    // Loads modules and event definitions and checks everything that a start needs, or tells all problems.
    // Touches no socket and no state.
    static Result<std::unique_ptr<Agent>, Diagnostics> make(const config::Settings& settings);
    ~Agent();  // stops
    Agent(const Agent&) = delete;
    Agent& operator=(const Agent&) = delete;

    // Prepares a quickstart's state, listens and starts the modules, or tells all problems and runs nothing.
    Result<void, Diagnostics> start();
    // Takes no more events, lets the modules say goodbye, sends what is queued, closes every connection.
    // Idempotent.
    void stop();
    // Reads the configuration's files, the event definitions and the certificate anew, takes over what is
    // live and logs what changed. With any error, logged, too, everything stays as it was.
    Result<Reloaded, Diagnostics> reload();
    // The same on another thread; then `done`, told whether it went well. One that has not begun when another
    // is asked for does for both, and so many requests at once cost two reloads.
    void reload_later(const std::function<void(bool)>& done);

    // For those who watch over a started agent.
    struct Activity {
        std::uint64_t published = 0;                       // events accepted so far
        std::uint64_t subscriptions = 0, connections = 0;  // now
    };
    Activity activity() const;
    // Runs `work` on the bus thread; drops it once the bus has stopped.
    void post_to_bus(std::function<void()> work);
    // Tells the log, once a day, of certificates that have expired or soon will.
    void look_at_certificates(WallTime now);
    // How long a stop may take by the settings.
    std::chrono::milliseconds drain_time() const;

    // "14 event definitions, modules: node"
    std::string summary() const;

  private:
    struct Parts;
    explicit Agent(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace clacks
