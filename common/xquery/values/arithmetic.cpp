#include "common/xquery/values/arithmetic.hpp"

#include <cmath>
#include <string>

#include "common/xquery/values/cast.hpp"
#include "common/xquery/values/decimal.hpp"
#include "common/xquery/values/error.hpp"
#include "common/xquery/values/number.hpp"

namespace clacks::xquery {

namespace {

[[noreturn]] void overflow(Arithmetic op) {
    fail(Code::FOAR0002, "the result of '" + std::string(symbol(op)) + "' is too large",
         "integers and decimals have up to 38 digits; use xs:double for larger numbers");
}

[[noreturn]] void division_by_zero(Arithmetic op) {
    fail(Code::FOAR0001, "division by zero in '" + std::string(symbol(op)) + "'",
         "test the divisor, or use xs:double, which has INF and NaN");
}

template <class T>
T in_range(std::optional<T> result, Arithmetic op) {
    if (!result) overflow(op);
    return *result;
}

// An operand as a number.
Item numeric(const Item& item, std::string_view op, Arena& arena) {
    if (is_numeric(item.type)) return item;
    if (item.type == Type::untyped_atomic) return cast(item, Type::double_, arena);
    fail(Code::XPTY0004,
         "'" + std::string(op) + "' needs numbers and got a value of type " +
             std::string(type_name(item.type)),
         is_string(item.type) ? "convert it with xs:double() or number()" : "");
}

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
            if (b == 0) division_by_zero(op);
            if (x % y == 0) return make_decimal({x / y, 0}, arena);
            return make_decimal(in_range(divide({x, 0}, {y, 0}), op), arena);
        case Arithmetic::integer_divide:
            if (b == 0) division_by_zero(op);
            return make_integer(x / y, arena);
        case Arithmetic::modulo:
            if (b == 0) division_by_zero(op);
            return make_integer(x % y, arena);
    }
    return {};
}

Item on_decimals(Arithmetic op, const Decimal& a, const Decimal& b, bool integers, Arena& arena) {
    if (op >= Arithmetic::divide && b.coefficient == 0) division_by_zero(op);
    if (op == Arithmetic::integer_divide) return make_integer(in_range(integer_divide(a, b), op), arena);
    Decimal result;
    switch (op) {
        case Arithmetic::add:
            result = in_range(add(a, b), op);
            break;
        case Arithmetic::subtract:
            result = in_range(subtract(a, b), op);
            break;
        case Arithmetic::multiply:
            result = in_range(multiply(a, b), op);
            break;
        case Arithmetic::divide:
            return make_decimal(in_range(divide(a, b), op), arena);
        default:
            result = in_range(modulo(a, b), op);
            break;
    }
    return integers ? make_integer(result.coefficient, arena) : make_decimal(result, arena);
}

Item integer_divide_doubles(double a, double b, Arena& arena) {
    if (b == 0) division_by_zero(Arithmetic::integer_divide);
    if (std::isnan(a) || std::isnan(b) || std::isinf(a)) {
        fail(Code::FOAR0002, "'idiv' of NaN or INF has no integer result");
    }
    const double quotient = std::trunc(a / b);
    if (!(std::fabs(quotient) < 1.7e38)) overflow(Arithmetic::integer_divide);
    return make_integer(static_cast<Int128>(quotient), arena);
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

}  // namespace

std::string_view symbol(Arithmetic op) {
    constexpr std::string_view kSymbols[] = {"+", "-", "*", "div", "idiv", "mod"};
    return kSymbols[static_cast<std::size_t>(op)];
}

Item arithmetic(Arithmetic op, const Item& left, const Item& right, Arena& arena) {
    const Item a = numeric(left, symbol(op), arena), b = numeric(right, symbol(op), arena);
    if (is_integer(a.type) && is_integer(b.type) && !a.wide && !b.wide) {
        return on_small_integers(op, a.integer, b.integer, arena);
    }
    if (is_decimal(a.type) && is_decimal(b.type)) {
        return on_decimals(op, decimal_of(a), decimal_of(b), is_integer(a.type) && is_integer(b.type), arena);
    }
    const bool doubles = a.type == Type::double_ || b.type == Type::double_;
    // A decimal operand beside a float is promoted to float first.
    const double x = doubles ? double_of(a) : static_cast<double>(static_cast<float>(double_of(a)));
    const double y = doubles ? double_of(b) : static_cast<double>(static_cast<float>(double_of(b)));
    if (op == Arithmetic::integer_divide) return integer_divide_doubles(x, y, arena);
    const double result = on_doubles(op, x, y);
    return doubles ? Item::of_double(result) : Item::of_float(static_cast<float>(result));
}

Item negate(const Item& operand, Arena& arena) {
    const Item a = numeric(operand, "-", arena);
    if (a.type == Type::double_) return Item::of_double(-a.real);
    if (a.type == Type::float_) return Item::of_float(static_cast<float>(-a.real));
    if (a.type == Type::decimal)
        return make_decimal({-decimal_of(a).coefficient, decimal_of(a).scale}, arena);
    return make_integer(-integer_of(a), arena);
}

Item unary_plus(const Item& operand, Arena& arena) {
    Item a = numeric(operand, "+", arena);
    if (is_integer(a.type)) a.type = Type::integer;
    return a;
}

}  // namespace clacks::xquery
