// One valid event: the bytes as they were sent and the tree of them. Immutable, shared by everyone
// who looks at it. Thread safe.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "common/xml/tree.hpp"

namespace clacks::events {

inline constexpr std::string_view kNamespace = "http://www.gonicus.de/Events";

struct Event {
    std::string name;   // of the child of Event, as "PhoneStatus"
    std::string bytes;  // exactly as sent, UTF-8
    std::shared_ptr<const xml::Tree> tree;
};

using EventPtr = std::shared_ptr<const Event>;

}  // namespace clacks::events
