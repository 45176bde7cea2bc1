#include "common/xquery/values/compare.hpp"

#include <cmath>
#include <functional>
#include <string>

#include "common/xquery/values/atomize.hpp"
#include "common/xquery/values/cast.hpp"
#include "common/xquery/values/describe.hpp"
#include "common/xquery/values/duration.hpp"
#include "common/xquery/values/error.hpp"
#include "common/xquery/values/number.hpp"

namespace clacks::xquery {

namespace {

// What compares with what.
enum class Family : std::uint8_t {
    none,
    text,
    number,
    truth,
    date_time,
    date,
    time,
    g_year_month,
    g_year,
    g_month_day,
    g_day,
    g_month,
    duration,
    hex_binary,
    base64_binary,
    name,
    notation,
};

Family family(Type t) {
    if (is_textual(t)) return Family::text;
    if (is_numeric(t)) return Family::number;
    switch (t) {
        case Type::boolean:
            return Family::truth;
        case Type::duration:
        case Type::year_month_duration:
        case Type::day_time_duration:
            return Family::duration;
        case Type::date_time:
        case Type::date_time_stamp:
            return Family::date_time;
        case Type::date:
            return Family::date;
        case Type::time:
            return Family::time;
        case Type::g_year_month:
            return Family::g_year_month;
        case Type::g_year:
            return Family::g_year;
        case Type::g_month_day:
            return Family::g_month_day;
        case Type::g_day:
            return Family::g_day;
        case Type::g_month:
            return Family::g_month;
        case Type::hex_binary:
            return Family::hex_binary;
        case Type::base64_binary:
            return Family::base64_binary;
        case Type::qname:
            return Family::name;
        case Type::notation:
            return Family::notation;
        default:
            return Family::none;
    }
}

bool is_instant(Family f) {
    return f >= Family::date_time && f <= Family::g_month;
}

std::partial_ordering of(int sign) {
    return sign <=> 0;
}

// In UTC.
std::int64_t seconds_of(const Item& item, std::int16_t zone) {
    return item.integer - std::int64_t{item.has_zone() ? item.zone() : zone} * 60;
}

std::partial_ordering order_instants(const Item& a, const Item& b, std::int16_t zone) {
    const std::int64_t x = seconds_of(a, zone), y = seconds_of(b, zone);
    return x == y ? a.nanoseconds() <=> b.nanoseconds() : x <=> y;
}

std::partial_ordering order_numbers(const Item& a, const Item& b) {
    if (is_integer(a.type) && is_integer(b.type) && !a.wide() && !b.wide()) return a.integer <=> b.integer;
    if (is_decimal(a.type) && is_decimal(b.type)) return of(compare(decimal_of(a), decimal_of(b)));
    if (a.type == Type::double_ || b.type == Type::double_) return double_of(a) <=> double_of(b);
    return static_cast<float>(double_of(a)) <=> static_cast<float>(double_of(b));
}

[[noreturn]] void incomparable(std::string_view op, const Item& a, const Item& b) {
    const Family one = family(a.type), other = family(b.type);
    std::string hint = "convert one side to the type of the other";
    if (one == other) hint = "these have no order; compare them with eq or ne";
    if ((one == Family::number && other == Family::text) || (other == Family::number && one == Family::text))
        hint = "convert the text with number() or xs:integer()";
    fail(Code::XPTY0004, "'" + std::string(op) + "' does not compare " + describe(a) + " with " + describe(b),
         std::move(hint));
}

bool holds(Comparison c, std::partial_ordering order) {
    switch (c) {
        case Comparison::eq:
            return std::is_eq(order);
        case Comparison::ne:
            return std::is_neq(order);
        case Comparison::lt:
            return std::is_lt(order);
        case Comparison::le:
            return std::is_lteq(order);
        case Comparison::gt:
            return std::is_gt(order);
        case Comparison::ge:
            return std::is_gteq(order);
    }
    return false;
}

// Of two items that compare with eq.
bool equal(const Item& a, const Item& b, const CompareContext& by) {
    const Family f = family(a.type);
    switch (f) {
        case Family::text:
            return same_text(a.text(), b.text(), by.collation);
        case Family::number:
            return std::is_eq(order_numbers(a, b));
        case Family::name:
        case Family::notation:
            return a.qname() == b.qname();
        case Family::duration: {
            const Duration x = duration_of(a), y = duration_of(b);
            return x.months == y.months && x.seconds == y.seconds && x.nanoseconds == y.nanoseconds;
        }
        case Family::hex_binary:
        case Family::base64_binary:
            return a.text() == b.text();
        default:
            return is_instant(f) ? std::is_eq(order_instants(a, b, by.zone)) : a.integer == b.integer;
    }
}

bool compare_typed(Comparison c, const Item& a, const Item& b, const CompareContext& by,
                   std::string_view op) {
    if (is_numeric(a.type) && is_numeric(b.type)) return holds(c, order_numbers(a, b));
    if (c == Comparison::eq || c == Comparison::ne) {
        if (!comparable(a.type, b.type)) incomparable(op, a, b);
        return equal(a, b, by) == (c == Comparison::eq);
    }
    if (!ordered(a.type, b.type)) incomparable(op, a, b);
    return holds(c, order(a, b, by));
}

// The type that an untyped operand takes beside the other one (XQuery 3.1, 3.7.2).
Item like(const Item& untyped, const Item& other, Arena& arena) {
    if (is_numeric(other.type)) return cast(untyped, Type::double_, arena);
    if (is_string(other.type)) return untyped;
    Type wanted = other.type;
    // The primitive type, but for the two ordered durations.
    if (wanted != Type::year_month_duration && wanted != Type::day_time_duration) {
        while (base_type(wanted) != Type::any_atomic) wanted = base_type(wanted);
    }
    return cast(untyped, wanted, arena);
}

// Long texts take their time to be read or cast.
constexpr std::uint64_t kBytesAStep = 64;

std::uint64_t text_bytes(const Item& item) {
    if (item.is_node()) return (*item.tree)[item.node()].length;
    return is_textual(item.type) ? item.text().size() : 0;
}

}  // namespace

std::string_view value_symbol(Comparison c) {
    constexpr std::string_view kSymbols[] = {"eq", "ne", "lt", "le", "gt", "ge"};
    return kSymbols[static_cast<std::size_t>(c)];
}

std::string_view general_symbol(Comparison c) {
    constexpr std::string_view kSymbols[] = {"=", "!=", "<", "<=", ">", ">="};
    return kSymbols[static_cast<std::size_t>(c)];
}

bool comparable(Type a, Type b) {
    return family(a) == family(b) && family(a) != Family::none;
}

bool ordered(Type a, Type b) {
    const Family f = family(a);
    if (f != family(b)) return false;
    if (f == Family::duration) return a == b && a != Type::duration;
    return f != Family::none && f < Family::name && !(f >= Family::g_year_month && f <= Family::g_month);
}

std::partial_ordering order(const Item& a, const Item& b, const CompareContext& by) {
    if (!ordered(a.type, b.type)) incomparable("order", a, b);
    switch (family(a.type)) {
        case Family::text:
            return of(by.collation == nullptr ? a.text().compare(b.text())
                                              : by.collation->compare(a.text(), b.text()));
        case Family::number:
            return order_numbers(a, b);
        case Family::hex_binary:
        case Family::base64_binary:
            return of(a.text().compare(b.text()));
        case Family::truth:
            return a.integer <=> b.integer;
        case Family::duration:  // nanoseconds are 0 where months are counted
            return a.integer == b.integer ? a.nanoseconds() <=> b.nanoseconds() : a.integer <=> b.integer;
        default:
            return order_instants(a, b, by.zone);
    }
}

bool compare_value(Comparison c, const Item& a, const Item& b, const CompareContext& by) {
    return compare_typed(c, a, b, by, value_symbol(c));
}

bool compare_general(Comparison c, const Item& left, const Item& right, const CompareContext& by,
                     Arena& arena) {
    Item a = atomize(left);
    Item b = atomize(right);
    if (a.type == Type::untyped_atomic && b.type != Type::untyped_atomic) {
        a = like(a, b, arena);
    } else if (b.type == Type::untyped_atomic && a.type != Type::untyped_atomic) {
        b = like(b, a, arena);
    }
    return compare_typed(c, a, b, by, general_symbol(c));
}

bool compare_general(Comparison c, const Value& a, const Value& b, const CompareContext& by, Arena& arena,
                     Steps& steps) {
    for (const Item left : a) {
        const std::uint64_t cost = 1 + text_bytes(left) / kBytesAStep;
        for (const Item right : b) {
            steps.take(cost + text_bytes(right) / kBytesAStep);
            if (compare_general(c, left, right, by, arena)) return true;
        }
    }
    return false;
}

bool same_atomic(const Item& a, const Item& b, const CompareContext& by, bool nan_equal) {
    if (!comparable(a.type, b.type)) return false;
    if (nan_equal && is_nan(a) && is_nan(b)) return true;
    return equal(a, b, by);
}

std::uint64_t hash_atomic(const Item& item, std::int16_t zone) {
    const Family f = family(item.type);
    switch (f) {
        case Family::text:
        case Family::hex_binary:
        case Family::base64_binary:
            return std::hash<std::string_view>()(item.text());
        case Family::number: {
            // By float, the coarsest of the promotions under which two numbers may be equal.
            const auto value = static_cast<float>(double_of(item));
            if (std::isnan(value)) return 1;
            return std::hash<float>()(value == 0 ? 0.0f : value);
        }
        case Family::name:
        case Family::notation:
            return xml::name_hash(item.qname().uri, item.qname().local);
        case Family::duration: {
            const Duration value = duration_of(item);
            return std::hash<std::int64_t>()(value.months * 31 + value.seconds);
        }
        default:
            return std::hash<std::int64_t>()(is_instant(f) ? seconds_of(item, zone) : item.integer);
    }
}

Comparison mirrored(Comparison op) {
    switch (op) {
        case Comparison::lt:
            return Comparison::gt;
        case Comparison::le:
            return Comparison::ge;
        case Comparison::gt:
            return Comparison::lt;
        case Comparison::ge:
            return Comparison::le;
        default:
            return op;
    }
}

}  // namespace clacks::xquery
