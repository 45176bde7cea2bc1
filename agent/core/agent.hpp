// The whole agent: puts the parts together and owns the order in which they start and stop.
//
// Thread safety: make, start and stop come from one thread; reload may be called from any.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

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

    // Listens and starts the modules, or tells all problems and runs nothing.
    Result<void, Diagnostics> start();
    // Modules say goodbye, what is queued is sent, connections are closed. Idempotent.
    void stop();
    // Loads the event definitions anew. With an error the old ones stay in force.
    Result<std::size_t, Diagnostics> reload();

    // For the service manager: "12 events, 3 subscriptions".
    std::string status() const;
    std::size_t event_types() const;

  private:
    struct Parts;
    explicit Agent(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace clacks
