#include "common/xquery/values/compare.hpp"

#include <cmath>
#include <functional>
#include <string>

#include "common/xquery/values/atomize.hpp"
#include "common/xquery/values/cast.hpp"
#include "common/xquery/values/describe.hpp"
#include "common/xquery/values/error.hpp"
#include "common/xquery/values/number.hpp"

namespace clacks::xquery {

namespace {

// What compares with what.
enum class Family : std::uint8_t { none, text, number, truth, instant, name };

Family family(Type t) {
    if (is_textual(t)) return Family::text;
    if (is_numeric(t)) return Family::number;
    if (t == Type::boolean) return Family::truth;
    if (t == Type::date_time || t == Type::date_time_stamp) return Family::instant;
    if (t == Type::qname) return Family::name;
    return Family::none;
}

std::partial_ordering of(int sign) {
    return sign <=> 0;
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
    if (one == other) hint = "these have no order: compare with eq or ne";
    if ((one == Family::number && other == Family::text) || (other == Family::number && one == Family::text))
        hint = "convert the text with number() or xs:integer()";
    fail(Code::XPTY0004, "'" + std::string(op) + "' does not compare " + describe(a) + " with " + describe(b),
         std::move(hint));
}

bool holds(Comparison c, std::partial_ordering order) {
    switch (c) {
        case Comparison::eq:
            return order == 0;
        case Comparison::ne:
            return order != 0;
        case Comparison::lt:
            return order < 0;
        case Comparison::le:
            return order <= 0;
        case Comparison::gt:
            return order > 0;
        case Comparison::ge:
            return order >= 0;
    }
    return false;
}

bool is_equality(Comparison c) {
    return c == Comparison::eq || c == Comparison::ne;
}

bool compare_typed(Comparison c, const Item& a, const Item& b, std::string_view op) {
    const bool fits = is_equality(c) ? comparable(a.type, b.type)
                                     : comparable(a.type, b.type) && family(a.type) != Family::name;
    if (!fits) incomparable(op, a, b);
    return holds(c, order(a, b));
}

// The type that an untyped operand takes beside the other one (XQuery 3.1, 3.7.2).
Item like(const Item& untyped, const Item& other, Arena& arena) {
    if (is_numeric(other.type)) return cast(untyped, Type::double_, arena);
    if (is_string(other.type)) return untyped;
    return cast(untyped, other.type, arena);
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

std::partial_ordering order(const Item& a, const Item& b) {
    if (!comparable(a.type, b.type)) incomparable("order", a, b);
    switch (family(a.type)) {
        case Family::text:
            return of(a.text().compare(b.text()));
        case Family::number:
            return order_numbers(a, b);
        case Family::name:
            return a.qname() == b.qname() ? std::partial_ordering::equivalent
                                          : std::partial_ordering::unordered;
        case Family::instant:
            return a.integer == b.integer ? a.nanoseconds() <=> b.nanoseconds() : a.integer <=> b.integer;
        default:
            return a.integer <=> b.integer;
    }
}

bool compare_value(Comparison c, const Item& a, const Item& b) {
    return compare_typed(c, a, b, value_symbol(c));
}

bool compare_general(Comparison c, const Item& left, const Item& right, Arena& arena) {
    Item a = atomize(left);
    Item b = atomize(right);
    if (a.type == Type::untyped_atomic && b.type != Type::untyped_atomic) {
        a = like(a, b, arena);
    } else if (b.type == Type::untyped_atomic && a.type != Type::untyped_atomic) {
        b = like(b, a, arena);
    }
    return compare_typed(c, a, b, general_symbol(c));
}

bool compare_general(Comparison c, const Value& a, const Value& b, Arena& arena, Steps& steps) {
    for (const Item left : a) {
        const std::uint64_t cost = 1 + text_bytes(left) / kBytesAStep;
        for (const Item right : b) {
            steps.take(cost + text_bytes(right) / kBytesAStep);
            if (compare_general(c, left, right, arena)) return true;
        }
    }
    return false;
}

bool same_atomic(const Item& a, const Item& b, bool nan_equal) {
    if (!comparable(a.type, b.type)) return false;
    if (nan_equal && is_nan(a) && is_nan(b)) return true;
    return order(a, b) == 0;
}

std::uint64_t hash_atomic(const Item& item) {
    switch (family(item.type)) {
        case Family::text:
            return std::hash<std::string_view>()(item.text());
        case Family::number: {
            // By float, the coarsest of the promotions under which two numbers may be equal.
            const auto value = static_cast<float>(double_of(item));
            if (std::isnan(value)) return 1;
            return std::hash<float>()(value == 0 ? 0.0f : value);
        }
        case Family::name:
            return xml::name_hash(item.qname().uri, item.qname().local);
        default:
            return std::hash<std::int64_t>()(item.integer);
    }
}

}  // namespace clacks::xquery
