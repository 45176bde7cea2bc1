// An event as a consumer gets it: the sender's bytes, and what the agent says about them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "common/base/clock.hpp"

namespace clacks {

struct ReceivedEvent {
    using Property = std::variant<bool, std::int64_t, double, std::string, WallTime>;

    std::string document;          // exactly the bytes that were sent, an XML document
    std::string name;              // of the event, as "PhoneStatus"
    std::string id;                // the UUID the agent gave it
    std::string sender;            // the authenticated user who sent it
    std::string node;              // the agent that took it
    std::optional<WallTime> time;  // when the agent took it
    std::uint64_t dropped = 0;     // events lost just before this one, because this receiver was too slow
    std::vector<std::pair<std::string, Property>> properties;  // the sender's own application-properties
};

}  // namespace clacks
