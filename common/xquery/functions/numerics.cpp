// Numbers (Functions and Operators 3.1, 4) and the math namespace (4.8).
#include <cmath>
#include <numbers>

#include "common/xquery/functions/family.hpp"
#include "common/xquery/values/arithmetic.hpp"
#include "common/xquery/values/decimal.hpp"
#include "common/xquery/values/number.hpp"

namespace clacks::xquery {

namespace {

bool is_binary(const Item& item) {
    return item.type == Type::double_ || item.type == Type::float_;
}

Item like(const Item& model, double value) {
    return model.type == Type::float_ ? Item::of_float(static_cast<float>(value)) : Item::of_double(value);
}

Value number(CallContext& call, Arguments arguments) {
    const Value value = atomize(or_context(call, arguments), call.arena, call.steps);
    const double nan = std::nan("");
    if (value.empty()) return Item::of_double(nan);
    return try_cast(value.front(), Type::double_, call.arena).value_or(Item::of_double(nan));
}

Value abs(CallContext& call, Arguments arguments) {
    if (arguments[0].empty()) return {};
    const Item& item = arguments[0].front();
    if (is_binary(item)) return like(item, std::fabs(item.real));
    const bool negative = decimal_of(item).coefficient < 0;
    return negative ? negate(item, call.arena) : unary_plus(item, call.arena);
}

Value rounded(CallContext& call, const Item& item, std::int64_t digits, Rounding rounding) {
    if (is_binary(item)) {
        if (!std::isfinite(item.real) || item.real == 0 || digits > kMaxScale) return item;
        const auto exact = to_decimal(item.real);
        if (!exact) return item;  // so large that it is whole
        const auto result = round(*exact, digits, rounding);
        if (!result) return item;
        return like(item, std::copysign(to_double(*result), item.real));
    }
    const auto result = round(decimal_of(item), digits, rounding);
    if (!result) fail(Code::FOAR0002, "the rounded number is too large", "use xs:double for larger numbers");
    if (is_integer(item.type)) return make_integer(result->coefficient, call.arena);
    return make_decimal(*result, call.arena);
}

std::int64_t precision(Arguments arguments) {
    if (arguments.size() < 2) return 0;
    const Int128 digits = integer_of(arguments[1].front());
    return static_cast<std::int64_t>(digits > 1000 ? 1000 : digits < -1000 ? -1000 : digits);
}

Value ceiling(CallContext& call, Arguments arguments) {
    if (arguments[0].empty()) return {};
    const Item& item = arguments[0].front();
    return is_binary(item) ? Value(like(item, std::ceil(item.real)))
                           : rounded(call, item, 0, Rounding::ceiling);
}

Value floor(CallContext& call, Arguments arguments) {
    if (arguments[0].empty()) return {};
    const Item& item = arguments[0].front();
    return is_binary(item) ? Value(like(item, std::floor(item.real)))
                           : rounded(call, item, 0, Rounding::floor);
}

Value round_half_up(CallContext& call, Arguments arguments) {
    if (arguments[0].empty()) return {};
    return rounded(call, arguments[0].front(), precision(arguments), Rounding::half_up);
}

Value round_half_even(CallContext& call, Arguments arguments) {
    if (arguments[0].empty()) return {};
    return rounded(call, arguments[0].front(), precision(arguments), Rounding::half_even);
}

const FunctionRow kNumeric[] = {
    {"fn:number([$item as xs:anyAtomicType?]) as xs:double", number, kContextItemIfOmitted,
     Intrinsic::number},
    {"fn:abs($value as xs:numeric?) as xs:numeric?", abs},
    {"fn:ceiling($value as xs:numeric?) as xs:numeric?", ceiling},
    {"fn:floor($value as xs:numeric?) as xs:numeric?", floor},
    {"fn:round($value as xs:numeric? [, $precision as xs:integer]) as xs:numeric?", round_half_up},
    {"fn:round-half-to-even($value as xs:numeric? [, $precision as xs:integer]) as xs:numeric?",
     round_half_even},
};

template <double (*function)(double)>
Value apply(CallContext&, Arguments arguments) {
    if (arguments[0].empty()) return {};
    return Item::of_double(function(arguments[0].front().real));
}

double exp10(double x) {
    return std::pow(10.0, x);
}

Value pi(CallContext&, Arguments) {
    return Item::of_double(std::numbers::pi);
}

Value pow(CallContext&, Arguments arguments) {
    if (arguments[0].empty()) return {};
    return Item::of_double(std::pow(arguments[0].front().real, double_of(arguments[1].front())));
}

Value atan2(CallContext&, Arguments arguments) {
    return Item::of_double(std::atan2(arguments[0].front().real, arguments[1].front().real));
}

const FunctionRow kMath[] = {
    {"math:pi() as xs:double", pi},
    {"math:exp($value as xs:double?) as xs:double?", apply<std::exp>},
    {"math:exp10($value as xs:double?) as xs:double?", apply<exp10>},
    {"math:log($value as xs:double?) as xs:double?", apply<std::log>},
    {"math:log10($value as xs:double?) as xs:double?", apply<std::log10>},
    {"math:sqrt($value as xs:double?) as xs:double?", apply<std::sqrt>},
    {"math:sin($radians as xs:double?) as xs:double?", apply<std::sin>},
    {"math:cos($radians as xs:double?) as xs:double?", apply<std::cos>},
    {"math:tan($radians as xs:double?) as xs:double?", apply<std::tan>},
    {"math:asin($value as xs:double?) as xs:double?", apply<std::asin>},
    {"math:acos($value as xs:double?) as xs:double?", apply<std::acos>},
    {"math:atan($value as xs:double?) as xs:double?", apply<std::atan>},
    {"math:atan2($y as xs:double, $x as xs:double) as xs:double", atan2},
    {"math:pow($x as xs:double?, $y as xs:numeric) as xs:double?", pow},
};

}  // namespace

std::span<const FunctionRow> numeric_functions() {
    return kNumeric;
}

std::span<const FunctionRow> math_functions() {
    return kMath;
}

}  // namespace clacks::xquery
