// Reading simple values out of an event.
#pragma once

#include <string_view>

#include "common/events/event.hpp"

namespace clacks::events {

// The text of the event's child element of this name (the first of several), as /Event/PhoneStatus/NAME;
// "" where there is none. A view into the event.
std::string_view field(const Event& event, std::string_view name);

}  // namespace clacks::events
