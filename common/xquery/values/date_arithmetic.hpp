// Arithmetic on dates, times and durations (Functions and Operators 3.1, 8.4 and 9.7).
#pragma once

#include <optional>

#include "common/xquery/values/arithmetic.hpp"

namespace clacks::xquery {

// At least one operand is a date, a time or a duration, the other one may be a number; none where the types
// do not go together. `zone`, in minutes, is that of dates and times without one. FODT0001 and FODT0002 for
// what is too large, FOAR0001 for a division by a duration of zero, FOCA0005 for NaN.
std::optional<Item> date_arithmetic(Arithmetic op, const Item& a, const Item& b, Arena& arena,
                                    std::int16_t zone);

// The item's date and time `months` later, on the last day of a month that is too short.
Item add_months(const Item& date, std::int64_t months);
// The same instant in another zone, or the local time without one where `zone` is kNoZone. An item without a
// zone keeps its local time.
Item at_zone(const Item& instant, std::int16_t zone);

}  // namespace clacks::xquery
