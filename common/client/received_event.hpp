/// @file
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "common/base/clock.hpp"
#include "common/client/event_node.hpp"

namespace clacks {

/// An event as a consumer gets it: the sender's bytes, and what the agent says about them. A plain value; the
/// library keeps nothing of it.
struct ReceivedEvent {
    /// A value of an application-property.
    using Property = std::variant<bool, std::int64_t, double, std::string, WallTime>;

    std::string document;          ///< exactly the bytes that were sent, an XML document
    std::string name;              ///< of the event, as "PhoneStatus"
    std::string id;                ///< the UUID the agent gave it
    std::string sender;            ///< the authenticated user who sent it
    std::string node;              ///< the agent that took it
    std::optional<WallTime> time;  ///< when the agent took it
    std::uint64_t dropped = 0;     ///< events lost just before this one, because this receiver was too slow
    std::vector<std::pair<std::string, Property>> properties;  ///< the sender's own application-properties

    /// The element of that name inside the document's Event, as event["PhoneStatus"]["CallerId"].as<int>().
    /// Reads the document each time: where several fields are wanted, keep event["PhoneStatus"]. Throws
    /// nothing; a document that cannot be read shows where a value is asked for.
    EventNode operator[](std::string_view element) const { return EventNode(document)[element]; }
};

}  // namespace clacks
