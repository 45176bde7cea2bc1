// Durations (XML Schema 1.1 part 2, 3.3.6, 3.4.26, 3.4.27): months and seconds, each type as far as it has
// them.
#pragma once

#include <optional>
#include <string_view>

#include "common/xquery/values/arena.hpp"
#include "common/xquery/values/error.hpp"
#include "common/xquery/values/item.hpp"

namespace clacks::xquery {

// Of any of the three types; what a type lacks is zero.
Duration duration_of(const Item& item);
// What `type` lacks is left out. Only an xs:duration needs the arena.
Item make_duration(const Duration& value, Type type, Arena& arena);

// Seconds with their fraction, as nanoseconds.
Int128 nanoseconds_of(const Item& day_time);
// None where it is too large (FODT0002).
std::optional<Item> make_day_time(Int128 nanoseconds);
std::optional<Item> make_year_month(Int128 months);

// No white space around. FORG0001 in `why` for what is not in the lexical space of the type, FODT0002 for
// what is too large. Digits of a second behind the ninth are dropped.
std::optional<Item> parse_duration(std::string_view text, Type type, Arena& arena, Code& why);
// "P1Y2M", "P3DT4H5M6.5S", "PT0S", "P0M".
std::string_view duration_text(const Item& item, Arena& arena);

}  // namespace clacks::xquery
