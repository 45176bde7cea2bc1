// The values of XML Schema's simple types, from their text. White space around them is ignored; nothing comes
// back where the text is no such value, or one that does not fit.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "common/base/clock.hpp"

namespace clacks::client {

std::optional<bool> read_boolean(std::string_view text);
std::optional<std::int64_t> read_integer(std::string_view text);
std::optional<std::uint64_t> read_natural(std::string_view text);
// Finite ones only up to `most`; INF, -INF and NaN are numbers here.
std::optional<double> read_number(std::string_view text, double most);
// xs:dateTime with a year of four digits, cut to milliseconds; UTC where it has no time zone.
std::optional<WallTime> read_time(std::string_view text);

}  // namespace clacks::client
