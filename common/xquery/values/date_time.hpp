// Dates and times (XML Schema 1.1 part 2, 3.3.7 to 3.3.14): the calendar, lexical and canonical forms. The
// calendar is the proleptic Gregorian one with a year 0; how an item holds an instant is told in item.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/xquery/values/arena.hpp"
#include "common/xquery/values/error.hpp"
#include "common/xquery/values/item.hpp"

namespace clacks::xquery {

inline constexpr std::int64_t kDaySeconds = 86'400;
// Years, positive or negative, are no larger than this; FODT0001 otherwise.
inline constexpr std::int64_t kMostYears = 999'999'999;

// A date or time in its components; what a type lacks is as in 1972-12-01T00:00:00.
struct DateTime {
    std::int64_t year = 1972;
    int month = 12;
    int day = 1;
    int hour = 0;
    int minute = 0;
    int second = 0;
    std::uint32_t nanoseconds = 0;
    std::int16_t zone = kNoZone;
};

int days_in_month(std::int64_t year, int month);
// Days since 1970-01-01.
std::int64_t days_of(std::int64_t year, int month, int day);

DateTime parts_of(const Item& item);
// The components that `type` lacks are not looked at. The rest is a valid date and time.
Item make_instant(const DateTime& parts, Type type);
// The same instant and zone, as seconds of local time; none where the year is too large.
std::optional<Item> make_instant(std::int64_t seconds, std::uint32_t nanoseconds, std::int16_t zone,
                                 Type type);
bool is_instant(Type type);  // dateTime, date, time, gYear …
bool has_date(Type type);    // dateTime and date

// No white space around. FORG0001 in `why` for what is not in the lexical space, FODT0001 for a year that is
// too large. Digits of a second behind the ninth are dropped.
std::optional<Item> parse_instant(std::string_view text, Type type, Code& why);
// The canonical form of casting to string: with the zone as it is, "2024-02-29T12:00:00.5+01:00".
std::string_view instant_text(const Item& item, Arena& arena);
// "Z", "+01:00", or "" for none.
std::string zone_text(std::int16_t zone);

}  // namespace clacks::xquery
