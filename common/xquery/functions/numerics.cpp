// Numbers (Functions and Operators 3.1, 4) and the math namespace (4.8).
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <numbers>
#include <string>

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

// A double beyond these is rounded digit by digit.
constexpr std::int64_t kPlainDigits = 20;
constexpr double kLeastPlain = 1e-15;

// For what does not fit into a decimal: on all digits that the number has.
double round_digits(double value, std::int64_t digits, Rounding rounding) {
    char room[1'100];
    const auto end =
        std::to_chars(room, room + sizeof room, std::fabs(value), std::chars_format::scientific, 1'074);
    std::string text(room, end.ptr);  // "d.ddd…e+307"
    const std::size_t e = text.find('e');
    const int exponent = static_cast<int>(std::strtol(text.c_str() + e + 1, nullptr, 10));
    const std::int64_t keep = exponent + 1 + digits;  // digits before the cut
    text.resize(e);
    text.erase(1, 1);
    if (keep >= static_cast<std::int64_t>(text.size())) return value;
    if (keep < 0) return std::copysign(0.0, value);
    const auto kept = static_cast<std::size_t>(keep);
    const bool half = text[kept] == '5' && text.find_first_not_of('0', kept + 1) == std::string::npos;
    bool up = text[kept] >= '5';
    if (half && rounding == Rounding::half_even) up = kept > 0 && (text[kept - 1] - '0') % 2 != 0;
    if (half && rounding == Rounding::half_up) up = value > 0;
    text.resize(kept);
    text.insert(text.begin(), '0');  // for the carry
    if (up) {
        std::size_t at = text.size() - 1;
        while (text[at] == '9') text[at--] = '0';
        ++text[at];
    }
    (text += 'e') += std::to_string(-digits);
    double result = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), result);
    if (read.ec == std::errc::result_out_of_range && digits < 0) result = HUGE_VAL;
    return std::copysign(result, value);
}

Value rounded(CallContext& call, const Item& item, std::int64_t digits, Rounding rounding) {
    if (is_binary(item)) {
        if (!std::isfinite(item.real) || item.real == 0) return item;
        const auto exact = digits > kPlainDigits ? std::nullopt : to_decimal(item.real);
        if (!exact || std::fabs(item.real) < kLeastPlain)
            return like(item, round_digits(item.real, digits, rounding));
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
