// Durations and sizes as configuration files write them: digits and a unit.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/result.hpp"

namespace clacks {

// Errors have message and hint; the caller knows the place. What is too large for 64 bits is an error, too.
Result<std::uint64_t> parse_count(std::string_view text);
// "65536", "64 KiB", "1 MiB": bytes.
Result<std::uint64_t> parse_size(std::string_view text);
// "500 ms", "60 s", "5 min", "1 h"; a bare number is seconds. At most what nanoseconds can count (292 years).
Result<std::chrono::milliseconds> parse_duration(std::string_view text);

// The same the other way, in the largest unit that leaves a whole number.
std::string size_text(std::uint64_t bytes);
std::string duration_text(std::chrono::milliseconds duration);

}  // namespace clacks
