// op:same-key (Functions and Operators 3.1, 17.1.1): like eq, but never an error, independent of zone and
// collation, exact for numbers, and NaN is the same key as NaN.
#include <cmath>
#include <functional>

#include "common/xquery/values/map.hpp"
#include "common/xquery/values/number.hpp"

namespace clacks::xquery {

namespace {

enum class KeyFamily : std::uint8_t { text, number, duration, octets, name, other };

KeyFamily family(Type type) {
    if (is_textual(type)) return KeyFamily::text;
    if (is_numeric(type)) return KeyFamily::number;
    if (derives_from(type, Type::duration)) return KeyFamily::duration;
    if (type == Type::hex_binary || type == Type::base64_binary) return KeyFamily::octets;
    if (type == Type::qname || type == Type::notation) return KeyFamily::name;
    return KeyFamily::other;
}

bool is_instant(Type type) {
    return type >= Type::date_time && type <= Type::g_month;
}

// Without trailing zeros behind the point.
Decimal shortest(Decimal d) {
    while (d.scale > 0 && d.coefficient % 10 == 0) {
        d.coefficient /= 10;
        --d.scale;
    }
    return d;
}

// A decimal is held exactly by a double only as m / 2^k with k its digits behind the point.
bool exactly_equal(const Decimal& decimal, double real) {
    if (!std::isfinite(real)) return false;
    const Decimal d = shortest(decimal);
    if (d.scale == 0) {
        return real == std::floor(real) && std::fabs(real) < 0x1p127 &&
               static_cast<Int128>(real) == d.coefficient;
    }
    int exponent = 0;
    auto m = static_cast<Int128>(std::ldexp(std::frexp(real, &exponent), 53));
    int k = 53 - exponent;
    for (; m != 0 && m % 2 == 0; --k) m /= 2;
    if (k != d.scale) return false;
    for (int i = 0; i < k; ++i) {
        if (__builtin_mul_overflow(m, static_cast<Int128>(5), &m)) return false;
    }
    return m == d.coefficient;
}

bool same_number(const Item& a, const Item& b) {
    const bool a_decimal = is_decimal(a.type), b_decimal = is_decimal(b.type);
    if (a_decimal && b_decimal) {
        if (!a.wide() && !b.wide() && is_integer(a.type) && is_integer(b.type)) return a.integer == b.integer;
        const Decimal x = shortest(decimal_of(a)), y = shortest(decimal_of(b));
        return x.coefficient == y.coefficient && x.scale == y.scale;
    }
    if (a_decimal) return exactly_equal(decimal_of(a), b.real);
    if (b_decimal) return exactly_equal(decimal_of(b), a.real);
    return a.real == b.real || (std::isnan(a.real) && std::isnan(b.real));
}

Duration duration_of(const Item& item) {
    if (item.type == Type::year_month_duration) return {item.integer, 0, 0};
    if (item.type == Type::day_time_duration) return {0, item.integer, item.nanoseconds()};
    return item.duration();
}

bool same_duration(const Item& a, const Item& b) {
    const Duration x = duration_of(a), y = duration_of(b);
    return x.months == y.months && x.seconds == y.seconds && x.nanoseconds == y.nanoseconds;
}

// Seconds, moved to UTC where there is a zone.
std::int64_t seconds_of(const Item& instant) {
    return instant.has_zone() ? instant.integer - std::int64_t{60} * instant.zone() : instant.integer;
}

Type plain(Type type) {
    return type == Type::date_time_stamp ? Type::date_time : type;
}

}  // namespace

bool same_key(const Item& a, const Item& b) {
    const KeyFamily kind = family(a.type);
    if (kind != family(b.type)) return false;
    switch (kind) {
        case KeyFamily::text:
            return a.text() == b.text();
        case KeyFamily::number:
            return same_number(a, b);
        case KeyFamily::duration:
            return same_duration(a, b);
        case KeyFamily::octets:
            return a.type == b.type && a.text() == b.text();
        case KeyFamily::name:
            return a.type == b.type && a.qname() == b.qname();
        case KeyFamily::other:
            break;
    }
    if (plain(a.type) != plain(b.type)) return false;
    if (!is_instant(a.type)) return a.integer == b.integer;
    return a.has_zone() == b.has_zone() && seconds_of(a) == seconds_of(b) &&
           a.nanoseconds() == b.nanoseconds();
}

std::uint64_t hash_key(const Item& key) {
    switch (family(key.type)) {
        case KeyFamily::text:
        case KeyFamily::octets:
            return std::hash<std::string_view>()(key.text());
        case KeyFamily::number: {
            const double value = double_of(key);
            return std::isnan(value) ? 1 : std::hash<double>()(value == 0 ? 0.0 : value);
        }
        case KeyFamily::duration: {
            const Duration d = duration_of(key);
            return xml::name_hash(
                std::string_view(reinterpret_cast<const char*>(&d.months), sizeof d.months),
                std::string_view(reinterpret_cast<const char*>(&d.seconds), sizeof d.seconds));
        }
        case KeyFamily::name:
            return xml::name_hash(key.qname().uri, key.qname().local);
        case KeyFamily::other:
            break;
    }
    const std::int64_t value = is_instant(key.type) ? seconds_of(key) : key.integer;
    return std::hash<std::string_view>()({reinterpret_cast<const char*>(&value), sizeof value});
}

}  // namespace clacks::xquery
