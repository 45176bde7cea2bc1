// Namespaces for pugixml, which knows only prefixed names.
#pragma once

#include <pugixml.hpp>
#include <string_view>

namespace clacks::events {

// What follows the colon, or all of a name without one.
std::string_view local_name(std::string_view qualified);
// The namespace of an element, or what its scope binds to a prefix; "" when there is none.
std::string_view namespace_of(pugi::xml_node element);
std::string_view namespace_of(pugi::xml_node scope, std::string_view prefix);
// The part before the colon, or "".
std::string_view prefix_of(std::string_view qualified);

}  // namespace clacks::events
