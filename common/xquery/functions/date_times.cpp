// Dates, times and durations: their components and zones (Functions and Operators 3.1, 8.2, 9.3, 9.5, 9.6),
// and what the current ones are (15.3 to 15.6).
#include <cstdlib>

#include "common/xquery/functions/family.hpp"
#include "common/xquery/values/date_arithmetic.hpp"
#include "common/xquery/values/date_time.hpp"
#include "common/xquery/values/duration.hpp"
#include "common/xquery/values/number.hpp"

namespace clacks::xquery {

namespace {

constexpr std::int64_t kBillion = 1'000'000'000;

Item seconds_item(CallContext& call, Int128 nanoseconds) {
    return make_decimal({nanoseconds, 9}, call.arena);
}

// ---- components of durations; all have the sign of the duration ----

Value years(const Duration& d, CallContext&) {
    return Item::of_integer(d.months / 12);
}
Value months(const Duration& d, CallContext&) {
    return Item::of_integer(d.months % 12);
}

Int128 nanoseconds(const Duration& d) {
    return Int128{d.seconds} * kBillion + d.nanoseconds;
}
Value days(const Duration& d, CallContext&) {
    return Item::of_integer(static_cast<std::int64_t>(nanoseconds(d) / kBillion / kDaySeconds));
}
Value hours(const Duration& d, CallContext&) {
    return Item::of_integer(static_cast<std::int64_t>(nanoseconds(d) / kBillion / 3600 % 24));
}
Value minutes(const Duration& d, CallContext&) {
    return Item::of_integer(static_cast<std::int64_t>(nanoseconds(d) / kBillion / 60 % 60));
}
Value seconds(const Duration& d, CallContext& call) {
    return seconds_item(call, nanoseconds(d) % (Int128{60} * kBillion));
}

template <Value (*part)(const Duration&, CallContext&)>
Value of_duration(CallContext& call, Arguments arguments) {
    if (arguments[0].empty()) return {};
    return part(duration_of(arguments[0].front()), call);
}

// ---- components of dates and times ----

Value year(const DateTime& d, CallContext&) {
    return Item::of_integer(d.year);
}
Value month(const DateTime& d, CallContext&) {
    return Item::of_integer(d.month);
}
Value day(const DateTime& d, CallContext&) {
    return Item::of_integer(d.day);
}
Value hour(const DateTime& d, CallContext&) {
    return Item::of_integer(d.hour);
}
Value minute(const DateTime& d, CallContext&) {
    return Item::of_integer(d.minute);
}
Value second(const DateTime& d, CallContext& call) {
    return seconds_item(call, Int128{d.second} * kBillion + d.nanoseconds);
}
Value zone(const DateTime& d, CallContext&) {
    if (d.zone == kNoZone) return {};
    return Item::of_day_time(d.zone * std::int64_t{60}, 0);
}

template <Value (*part)(const DateTime&, CallContext&)>
Value of_instant(CallContext& call, Arguments arguments) {
    if (arguments[0].empty()) return {};
    return part(parts_of(arguments[0].front()), call);
}

// ---- zones ----

std::int16_t zone_of(const Item& duration) {
    constexpr std::int64_t kMost = std::int64_t{14} * 3600;
    const std::int64_t seconds = duration.integer;
    if (duration.nanoseconds() != 0 || seconds % 60 != 0 || std::abs(seconds) > kMost)
        fail(Code::FODT0003, "a timezone is a whole number of minutes from -PT14H to PT14H");
    return static_cast<std::int16_t>(seconds / 60);
}

Value adjust(CallContext& call, Arguments arguments) {
    if (arguments[0].empty()) return {};
    std::int16_t zone = call.implicit_zone;
    if (arguments.size() > 1) zone = arguments[1].empty() ? kNoZone : zone_of(arguments[1].front());
    return at_zone(arguments[0].front(), zone);
}

Value implicit_timezone(CallContext& call, Arguments) {
    return Item::of_day_time(call.implicit_zone * std::int64_t{60}, 0);
}

// ---- the current ones, in the implicit zone ----

template <Type type>
Value current(CallContext& call, Arguments) {
    const std::int64_t ms = call.current_time_ms;
    const std::int64_t seconds = ms / 1000 - (ms % 1000 < 0 ? 1 : 0);
    const auto rest = static_cast<std::uint32_t>(ms - seconds * 1000);
    const Item now = Item::of_instant(seconds + call.implicit_zone * std::int64_t{60}, rest * 1'000'000,
                                      call.implicit_zone, Type::date_time);
    return make_instant(parts_of(now), type);
}

Value date_time(CallContext&, Arguments arguments) {
    if (arguments[0].empty() || arguments[1].empty()) return {};
    const Item& date = arguments[0].front();
    const Item& time = arguments[1].front();
    if (date.has_zone() && time.has_zone() && date.zone() != time.zone())
        fail(Code::FORG0008, "dateTime() got a date and a time in different timezones",
             "adjust one of them to the other's timezone");
    DateTime parts = parts_of(time);
    const DateTime from = parts_of(date);
    parts.year = from.year;
    parts.month = from.month;
    parts.day = from.day;
    if (date.has_zone()) parts.zone = from.zone;
    return make_instant(parts, Type::date_time);
}

const FunctionRow kRows[] = {
    {"fn:dateTime($date as xs:date?, $time as xs:time?) as xs:dateTime?", date_time},
    {"fn:years-from-duration($value as xs:duration?) as xs:integer?", of_duration<years>},
    {"fn:months-from-duration($value as xs:duration?) as xs:integer?", of_duration<months>},
    {"fn:days-from-duration($value as xs:duration?) as xs:integer?", of_duration<days>},
    {"fn:hours-from-duration($value as xs:duration?) as xs:integer?", of_duration<hours>},
    {"fn:minutes-from-duration($value as xs:duration?) as xs:integer?", of_duration<minutes>},
    {"fn:seconds-from-duration($value as xs:duration?) as xs:decimal?", of_duration<seconds>},
    {"fn:year-from-dateTime($value as xs:dateTime?) as xs:integer?", of_instant<year>},
    {"fn:month-from-dateTime($value as xs:dateTime?) as xs:integer?", of_instant<month>},
    {"fn:day-from-dateTime($value as xs:dateTime?) as xs:integer?", of_instant<day>},
    {"fn:hours-from-dateTime($value as xs:dateTime?) as xs:integer?", of_instant<hour>},
    {"fn:minutes-from-dateTime($value as xs:dateTime?) as xs:integer?", of_instant<minute>},
    {"fn:seconds-from-dateTime($value as xs:dateTime?) as xs:decimal?", of_instant<second>},
    {"fn:timezone-from-dateTime($value as xs:dateTime?) as xs:dayTimeDuration?", of_instant<zone>},
    {"fn:year-from-date($value as xs:date?) as xs:integer?", of_instant<year>},
    {"fn:month-from-date($value as xs:date?) as xs:integer?", of_instant<month>},
    {"fn:day-from-date($value as xs:date?) as xs:integer?", of_instant<day>},
    {"fn:timezone-from-date($value as xs:date?) as xs:dayTimeDuration?", of_instant<zone>},
    {"fn:hours-from-time($value as xs:time?) as xs:integer?", of_instant<hour>},
    {"fn:minutes-from-time($value as xs:time?) as xs:integer?", of_instant<minute>},
    {"fn:seconds-from-time($value as xs:time?) as xs:decimal?", of_instant<second>},
    {"fn:timezone-from-time($value as xs:time?) as xs:dayTimeDuration?", of_instant<zone>},
    {"fn:adjust-dateTime-to-timezone($value as xs:dateTime? [, $timezone as xs:dayTimeDuration?]) as "
     "xs:dateTime?",
     adjust, kNondeterministic},
    {"fn:adjust-date-to-timezone($value as xs:date? [, $timezone as xs:dayTimeDuration?]) as xs:date?",
     adjust, kNondeterministic},
    {"fn:adjust-time-to-timezone($value as xs:time? [, $timezone as xs:dayTimeDuration?]) as xs:time?",
     adjust, kNondeterministic},
    {"fn:current-dateTime() as xs:dateTimeStamp", current<Type::date_time_stamp>, kNondeterministic},
    {"fn:current-date() as xs:date", current<Type::date>, kNondeterministic},
    {"fn:current-time() as xs:time", current<Type::time>, kNondeterministic},
    {"fn:implicit-timezone() as xs:dayTimeDuration", implicit_timezone, kNondeterministic},
};

}  // namespace

std::span<const FunctionRow> date_time_functions() {
    return kRows;
}

}  // namespace clacks::xquery
