// What a message looks like to the agent, once the bus has decoded it and before it encodes it.
// No AMQP library type appears here.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "common/base/clock.hpp"
#include "common/events/event.hpp"

namespace clacks {

// A property's value as far as an XQuery variable can carry it (lists and maps are left out).
using PropertyValue = std::variant<bool, std::int64_t, double, std::string, WallTime>;
// Standard properties under their AMQP names ("subject", "message-id", …) and application-properties.
using Properties = std::vector<std::pair<std::string, PropertyValue>>;

// An event on its way to subscribers. Immutable once published, apart from the bus's own; shared, never
// copied.
struct EventMessage {
    events::EventPtr event;
    std::string message_id;  // a UUID given by this agent
    std::string user_id;     // the authenticated sender
    std::string node;        // this agent's id
    WallTime creation_time;
    Properties standard_properties;     // the sender's (subject, correlation-id, …), for filters only
    Properties application_properties;  // the sender's own, passed on beside "event" and "node"

    // As the bus sends it, made once for all links by the first of them. Of no use to others: only a
    // deliver() may look at it, and those of one message come one after another.
    mutable std::shared_ptr<const std::string> encoded;
};

using EventMessagePtr = std::shared_ptr<const EventMessage>;

}  // namespace clacks
