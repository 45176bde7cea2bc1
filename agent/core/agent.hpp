// The whole agent: puts the parts together and owns the order in which they start and stop.
//
// Thread safety: make, start and stop come from one thread; reload may be called from any.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

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
    // Loads the event definitions anew and returns their number. With an error the old ones stay in force.
    Result<std::size_t, Diagnostics> reload();
    // The same on another thread, and then `done`.
    void reload_later(std::function<void()> done);

    // "14 event definitions, modules: node"
    std::string summary() const;

  private:
    struct Parts;
    explicit Agent(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace clacks
