// What the host gives the agent's own stand-in for a module in another process, beyond what every module
// gets.
#pragma once

#include <functional>
#include <string>

#include "agent/api/module.hpp"
#include "agent/modules/inbox.hpp"
#include "agent/telemetry/counters.hpp"

namespace clacks {

// On the module's thread only.
class HostedContext : public ModuleContext {
  public:
    // As subscribe; an event is delivered once its receipt says so.
    using ReceiptCallback = std::function<void(const EventMessage&, Receipt)>;
    virtual Result<void, Diagnostics> subscribe_with_receipt(std::string xquery,
                                                             ReceiptCallback callback) = 0;
    // Ends all of the module's subscriptions; what waits for them is counted as dropped.
    virtual void end_subscriptions() = 0;
    virtual Counters& counters() = 0;
};

}  // namespace clacks
