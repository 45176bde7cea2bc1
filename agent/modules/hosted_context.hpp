// What the host gives the agent's own stand-in for a module in another process, beyond what every module
// gets.
#pragma once

#include "agent/api/module.hpp"
#include "agent/telemetry/counters.hpp"

namespace clacks {

// On the module's thread only.
class HostedContext : public ModuleContext {
  public:
    // Ends all of the module's subscriptions; what waits for them is counted as dropped.
    virtual void end_subscriptions() = 0;
    virtual Counters& counters() = 0;
};

}  // namespace clacks
