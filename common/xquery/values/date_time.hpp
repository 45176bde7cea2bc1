// xs:dateTime, as far as it is evaluated: values come from outside, are compared and shown.
#pragma once

#include <cstdint>
#include <string_view>

#include "common/xquery/values/arena.hpp"

namespace clacks::xquery {

// The canonical form in UTC of any count of milliseconds since 1970-01-01T00:00:00Z:
// "2024-02-29T12:00:00.5Z".
std::string_view date_time_text(std::int64_t milliseconds, Arena& arena);

}  // namespace clacks::xquery
