#include "common/xquery/values/date_arithmetic.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "common/xquery/values/date_time.hpp"
#include "common/xquery/values/decimal.hpp"
#include "common/xquery/values/describe.hpp"
#include "common/xquery/values/duration.hpp"
#include "common/xquery/values/error.hpp"
#include "common/xquery/values/number.hpp"

namespace clacks::xquery {

namespace {

constexpr Int128 kBillion = 1'000'000'000;

bool has_time_of_day(Type t) {
    return t == Type::date_time || t == Type::date_time_stamp || t == Type::time;
}

// What dates and times are subtracted from one another.
bool counts(Type t) {
    return has_time_of_day(t) || t == Type::date;
}

bool is_ordered_duration(Type t) {
    return t == Type::year_month_duration || t == Type::day_time_duration;
}

// A dateTimeStamp is a dateTime to arithmetic.
Type family(Type t) {
    return t == Type::date_time_stamp ? Type::date_time : t;
}

[[noreturn]] void too_large(Code code) {
    fail(code, code == Code::FODT0001 ? "the date is too far away" : "the duration is too large",
         code == Code::FODT0001 ? "years go to 999,999,999 before and after 0" : "");
}

Item must(const std::optional<Item>& item, Code code) {
    if (!item) too_large(code);
    return *item;
}

Item add_seconds(const Item& to, Int128 nanoseconds) {
    const Type type = family(to.type);
    Int128 total = to.integer * kBillion + to.nanoseconds() + nanoseconds;
    if (type == Type::time) total %= kDaySeconds * kBillion;
    Int128 seconds = total / kBillion;
    Int128 rest = total % kBillion;
    if (rest < 0) {
        rest += kBillion;
        --seconds;
    }
    return must(
        make_instant(static_cast<std::int64_t>(seconds), static_cast<std::uint32_t>(rest), to.zone(), type),
        Code::FODT0001);
}

std::optional<Item> move(const Item& instant, const Item& duration, int sign) {
    if (duration.type == Type::day_time_duration && counts(instant.type))
        return add_seconds(instant, sign * nanoseconds_of(duration));
    if (duration.type == Type::year_month_duration && has_date(family(instant.type)))
        return add_months(instant, sign * duration.integer);
    return std::nullopt;
}

// In UTC.
Int128 elapsed(const Item& instant, std::int16_t zone) {
    const Int128 offset = instant.has_zone() ? instant.zone() : zone;
    return (instant.integer - offset * 60) * kBillion + instant.nanoseconds();
}

Item sum(const Item& a, const Item& b, int sign) {
    const auto result = a.type == Type::year_month_duration
                            ? make_year_month(Int128{a.integer} + sign * Int128{b.integer})
                            : make_day_time(nanoseconds_of(a) + sign * nanoseconds_of(b));
    return must(result, Code::FODT0002);
}

// The factor or divisor as a decimal; none where it is too large to be one.
std::optional<Decimal> exact(const Item& number) {
    if (is_decimal(number.type)) return decimal_of(number);
    if (std::isnan(number.real))
        fail(Code::FOCA0005, "a duration cannot be multiplied or divided by NaN", "test the number first");
    return to_decimal(number.real);
}

Int128 whole(const std::optional<Decimal>& value) {
    const auto rounded = value ? round(*value, 0, Rounding::half_up) : std::nullopt;
    if (!rounded) too_large(Code::FODT0002);
    return rounded->coefficient;
}

// Months and nanoseconds are counted alike.
Item scaled(const Item& duration, const Item& number, bool divide_it) {
    const bool months = duration.type == Type::year_month_duration;
    const Decimal amount{months ? Int128{duration.integer} : nanoseconds_of(duration), 0};
    const auto factor = exact(number);
    std::optional<Decimal> result = Decimal{};
    if (divide_it) {
        if (factor && factor->coefficient == 0) too_large(Code::FODT0002);
        if (factor) result = divide(amount, *factor);
    } else if (factor) {
        result = multiply(amount, *factor);
    } else if (amount.coefficient != 0 || std::isinf(number.real)) {
        too_large(Code::FODT0002);
    }
    const Int128 count = whole(result);
    return must(months ? make_year_month(count) : make_day_time(count), Code::FODT0002);
}

Item ratio(const Item& a, const Item& b, Arena& arena) {
    const bool months = a.type == Type::year_month_duration;
    const Decimal x{months ? Int128{a.integer} : nanoseconds_of(a), 0};
    const Decimal y{months ? Int128{b.integer} : nanoseconds_of(b), 0};
    if (y.coefficient == 0)
        fail(Code::FOAR0001, "division by zero: " + describe(a) + " divided by a duration of zero",
             "test the divisor first");
    const auto result = divide(x, y);
    if (!result) too_large(Code::FODT0002);
    return make_decimal(*result, arena);
}

std::optional<Item> difference(const Item& a, const Item& b, std::int16_t zone) {
    if (is_ordered_duration(a.type) && a.type == b.type) return sum(a, b, -1);
    if (is_ordered_duration(b.type)) return move(a, b, -1);
    if (!counts(a.type) || family(a.type) != family(b.type)) return std::nullopt;
    return must(make_day_time(elapsed(a, zone) - elapsed(b, zone)), Code::FODT0002);
}

}  // namespace

Item add_months(const Item& date, std::int64_t months) {
    DateTime parts = parts_of(date);
    const std::int64_t total = parts.year * 12 + (parts.month - 1) + months;
    parts.year = total / 12 - (total % 12 < 0 ? 1 : 0);
    parts.month = static_cast<int>(total - parts.year * 12) + 1;
    if (parts.year > kMostYears || parts.year < -kMostYears) too_large(Code::FODT0001);
    parts.day = std::min(parts.day, days_in_month(parts.year, parts.month));
    return make_instant(parts, family(date.type));
}

Item at_zone(const Item& instant, std::int16_t zone) {
    const Type type = family(instant.type);
    Item moved = instant;
    if (instant.has_zone() && zone != kNoZone) {
        const std::int64_t seconds = instant.integer + (zone - instant.zone()) * std::int64_t{60};
        moved = must(make_instant(seconds, instant.nanoseconds(), zone, type), Code::FODT0001);
    }
    moved.type = type;
    moved.extra = zone;
    return moved;
}

std::optional<Item> date_arithmetic(Arithmetic op, const Item& a, const Item& b, Arena& arena,
                                    std::int16_t zone) {
    switch (op) {
        case Arithmetic::add:
            if (is_ordered_duration(a.type) && a.type == b.type) return sum(a, b, 1);
            if (is_ordered_duration(b.type)) return move(a, b, 1);
            if (is_ordered_duration(a.type)) return move(b, a, 1);
            return std::nullopt;
        case Arithmetic::subtract:
            return difference(a, b, zone);
        case Arithmetic::multiply:
            if (is_ordered_duration(a.type) && is_numeric(b.type)) return scaled(a, b, false);
            if (is_ordered_duration(b.type) && is_numeric(a.type)) return scaled(b, a, false);
            return std::nullopt;
        case Arithmetic::divide:
            if (is_ordered_duration(a.type) && is_numeric(b.type)) return scaled(a, b, true);
            if (is_ordered_duration(a.type) && a.type == b.type) return ratio(a, b, arena);
            return std::nullopt;
        default:
            return std::nullopt;
    }
}

}  // namespace clacks::xquery
