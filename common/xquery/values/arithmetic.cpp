#include "common/xquery/values/arithmetic.hpp"

#include <cmath>
#include <string>

#include "common/xquery/values/cast.hpp"
#include "common/xquery/values/date_arithmetic.hpp"
#include "common/xquery/values/decimal.hpp"
#include "common/xquery/values/describe.hpp"
#include "common/xquery/values/error.hpp"
#include "common/xquery/values/number.hpp"

namespace clacks::xquery {

namespace {

[[noreturn]] void overflow(Arithmetic op, const Item& a, const Item& b) {
    fail(Code::FOAR0002,
         "the result of '" + std::string(symbol(op)) + "' is too large for " + describe(a) + " and " +
             describe(b),
         "integers and decimals have up to 38 digits; use xs:double for larger numbers");
}

[[noreturn]] void division_by_zero(Arithmetic op, const Item& a) {
    fail(Code::FOAR0001,
         "division by zero: '" + std::string(symbol(op)) + "' has " + describe(a) + " to divide",
         op == Arithmetic::integer_divide ? "test the divisor first"
                                          : "test the divisor, or use xs:double, which has INF and NaN");
}

// A date, a time or a duration.
bool is_temporal(Type t) {
    return t >= Type::duration && t <= Type::g_month;
}

// An operand as a number.
Item numeric(const Item& item, std::string_view op, Arena& arena) {
    if (is_numeric(item.type)) return item;
    if (item.type == Type::untyped_atomic) return cast(item, Type::double_, arena);
    fail(Code::XPTY0004, "'" + std::string(op) + "' needs numbers and got " + describe(item),
         is_string(item.type) ? "convert it with xs:double() or number()" : "calculate with numbers only");
}

// A divisor is not zero here and below.
Item on_small_integers(Arithmetic op, std::int64_t a, std::int64_t b, Arena& arena) {
    const Int128 x = a, y = b;
    switch (op) {
        case Arithmetic::add:
            return make_integer(x + y, arena);
        case Arithmetic::subtract:
            return make_integer(x - y, arena);
        case Arithmetic::multiply:
            return make_integer(x * y, arena);
        case Arithmetic::divide:
            if (x % y == 0) return make_decimal({x / y, 0}, arena);
            return make_decimal(*divide({x, 0}, {y, 0}), arena);  // of 64 bits: always fits
        case Arithmetic::integer_divide:
            return make_integer(x / y, arena);
        case Arithmetic::modulo:
            return make_integer(x % y, arena);
    }
    return {};
}

std::optional<Decimal> on_decimals(Arithmetic op, const Decimal& a, const Decimal& b) {
    switch (op) {
        case Arithmetic::add:
            return add(a, b);
        case Arithmetic::subtract:
            return subtract(a, b);
        case Arithmetic::multiply:
            return multiply(a, b);
        case Arithmetic::divide:
            return divide(a, b);
        case Arithmetic::modulo:
            return modulo(a, b);
        case Arithmetic::integer_divide:
            break;
    }
    if (const auto whole = integer_divide(a, b)) return Decimal{*whole, 0};
    return std::nullopt;
}

Item decimals(Arithmetic op, const Item& a, const Item& b, Arena& arena) {
    const auto result = on_decimals(op, decimal_of(a), decimal_of(b));
    if (!result) overflow(op, a, b);
    const bool integers = is_integer(a.type) && is_integer(b.type) && op != Arithmetic::divide;
    if (integers || op == Arithmetic::integer_divide) return make_integer(result->coefficient, arena);
    return make_decimal(*result, arena);
}

Item integer_divide_doubles(const Item& a, const Item& b, Arena& arena) {
    const double x = double_of(a), y = double_of(b);
    if (y == 0) division_by_zero(Arithmetic::integer_divide, a);
    if (std::isnan(x) || std::isnan(y) || std::isinf(x)) {
        fail(Code::FOAR0002, "'idiv' of " + describe(a) + " and " + describe(b) + " has no integer result",
             "use 'div', or test the numbers first");
    }
    const auto quotient = to_decimal(std::trunc(x / y));
    if (!quotient) overflow(Arithmetic::integer_divide, a, b);
    return make_integer(quotient->coefficient, arena);
}

double on_doubles(Arithmetic op, double a, double b) {
    switch (op) {
        case Arithmetic::add:
            return a + b;
        case Arithmetic::subtract:
            return a - b;
        case Arithmetic::multiply:
            return a * b;
        case Arithmetic::divide:
            return a / b;
        default:
            return std::fmod(a, b);
    }
}

Item temporal(Arithmetic op, Item a, Item b, Arena& arena, std::int16_t zone) {
    if (a.type == Type::untyped_atomic) a = cast(a, Type::double_, arena);
    if (b.type == Type::untyped_atomic) b = cast(b, Type::double_, arena);
    if (const auto result = date_arithmetic(op, a, b, arena, zone)) return *result;
    fail(Code::XPTY0004,
         "'" + std::string(symbol(op)) + "' does not go with " + describe(a) + " and " + describe(b),
         a.type == Type::duration || b.type == Type::duration
             ? "cast the duration to xs:dayTimeDuration or xs:yearMonthDuration"
             : "");
}

}  // namespace

std::string_view symbol(Arithmetic op) {
    constexpr std::string_view kSymbols[] = {"+", "-", "*", "div", "idiv", "mod"};
    return kSymbols[static_cast<std::size_t>(op)];
}

Item arithmetic(Arithmetic op, const Item& left, const Item& right, Arena& arena, std::int16_t zone) {
    if (is_temporal(left.type) || is_temporal(right.type)) return temporal(op, left, right, arena, zone);
    const Item a = numeric(left, symbol(op), arena), b = numeric(right, symbol(op), arena);
    if (is_decimal(a.type) && is_decimal(b.type)) {
        // Numbers that are not held in the item are never zero.
        if (op >= Arithmetic::divide && !b.wide() && b.integer == 0) division_by_zero(op, a);
        const bool small = is_integer(a.type) && is_integer(b.type) && !a.wide() && !b.wide();
        return small ? on_small_integers(op, a.integer, b.integer, arena) : decimals(op, a, b, arena);
    }
    if (op == Arithmetic::integer_divide) return integer_divide_doubles(a, b, arena);
    if (a.type == Type::double_ || b.type == Type::double_) {
        return Item::of_double(on_doubles(op, double_of(a), double_of(b)));
    }
    // A decimal beside a float is promoted to float first.
    const auto x = static_cast<float>(double_of(a)), y = static_cast<float>(double_of(b));
    return Item::of_float(static_cast<float>(on_doubles(op, x, y)));
}

Item negate(const Item& operand, Arena& arena) {
    const Item a = numeric(operand, "-", arena);
    if (a.type == Type::double_) return Item::of_double(-a.real);
    if (a.type == Type::float_) return Item::of_float(static_cast<float>(-a.real));
    if (a.type == Type::decimal) {
        const Decimal value = decimal_of(a);
        return make_decimal({-value.coefficient, value.scale}, arena);
    }
    return make_integer(-integer_of(a), arena);
}

Item unary_plus(const Item& operand, Arena& arena) {
    Item a = numeric(operand, "+", arena);
    if (is_integer(a.type)) a.type = Type::integer;
    return a;
}

}  // namespace clacks::xquery
