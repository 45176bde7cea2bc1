// The core's own commands: sendEvent, getMethods, getSessionUser, getEvents, getEventSchema,
// getSubscriptions, getStatistics. (getNodes belongs to the node module.)
#pragma once

#include <functional>

#include "agent/api/command.hpp"
#include "agent/api/events.hpp"
#include "agent/telemetry/publishers.hpp"
#include "common/events/catalogue.hpp"

namespace clacks {

struct CoreServices {
    EventSink& events;
    Subscriptions& subscriptions;
    std::function<events::CataloguePtr()> catalogue;  // the one in force
    std::string domain;
    std::string node;  // this agent's id
    const Publishers& publishers;
    std::function<std::uint64_t()> connections;  // open now; empty where there is no bus
};

// Everything in `services` must outlive the registry. Errors: a name that is taken.
Result<void, Diagnostics> add_core_commands(CommandRegistry& registry, const CoreServices& services);

}  // namespace clacks
