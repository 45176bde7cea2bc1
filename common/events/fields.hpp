// Reading simple values out of an event. Header only, so that modules need no library for it.
#pragma once

#include <string_view>

#include "common/events/event.hpp"

namespace clacks::events {

// The text of the event's child element of this name (the first of several), as /Event/PhoneStatus/NAME;
// "" where there is none. A view into the event.
inline std::string_view field(const Event& event, std::string_view name) {
    const xml::Tree& tree = *event.tree;
    // The first element among the children that is called `wanted`, or any where it is "".
    const auto child = [&tree](xml::NodeIndex parent, std::string_view wanted) {
        for (xml::NodeIndex i = tree.first_child(parent); i < tree[parent].end; i = tree[i].end) {
            if (tree.kind(i) == xml::NodeKind::element && (wanted.empty() || tree.name(i).local == wanted))
                return i;
        }
        return xml::kNoNode;
    };
    xml::NodeIndex at = child(0, "");
    if (at != xml::kNoNode) at = child(at, "");
    if (at != xml::kNoNode) at = child(at, name);
    return at == xml::kNoNode ? std::string_view() : tree.string_value(at);
}

}  // namespace clacks::events
