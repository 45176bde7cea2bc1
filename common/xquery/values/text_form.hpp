// White space and patterns of the types that are held as text (XML Schema 1.1 part 2, 3.4.1 to 3.4.12).
#pragma once

#include <string_view>

#include "common/xquery/values/arena.hpp"
#include "common/xquery/values/type.hpp"

namespace clacks::xquery {

// White space as the type's whiteSpace facet wants it: preserved, replaced or collapsed. A view of the text
// where nothing changes.
std::string_view with_space(std::string_view text, Type type, Arena& arena);
// Whether the text, white space done, is in the lexical space of a type derived from string.
bool has_string_form(std::string_view text, Type type);

}  // namespace clacks::xquery
