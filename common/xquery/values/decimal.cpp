#include "common/xquery/values/decimal.hpp"

#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>

#include "common/xquery/values/number.hpp"

namespace clacks::xquery {

namespace {

// Holds the product of a coefficient and two scalings.
using Big = boost::multiprecision::int512_t;

Big big(Int128 value) {
    const bool negative = value < 0;
    const UInt128 magnitude = negative ? -static_cast<UInt128>(value) : static_cast<UInt128>(value);
    Big wide = static_cast<std::uint64_t>(magnitude >> 64);
    wide <<= 64;
    wide += static_cast<std::uint64_t>(magnitude);
    return negative ? Big(-wide) : wide;
}

Big power(unsigned exponent) {
    return boost::multiprecision::pow(Big(10), exponent);
}

// Coefficients are symmetric, so that each has a negation; the least Int128 is none.
constexpr Int128 kLeast = static_cast<Int128>(UInt128{1} << 127);

const Big& largest() {
    static const Big value = (Big(1) << 127) - 1;
    return value;
}

// Of a value that fits.
Int128 narrow(const Big& value) {
    const Big magnitude = abs(value);
    const Big mask = ~std::uint64_t{0};
    const UInt128 high = static_cast<std::uint64_t>(magnitude >> 64);
    const UInt128 low = static_cast<std::uint64_t>(magnitude & mask);
    const Int128 result = static_cast<Int128>((high << 64) | low);
    return value < 0 ? -result : result;
}

bool is_odd(const Big& value) {
    return bit_test(Big(abs(value)), 0);
}

// value / divisor, rounded; the divisor is positive.
Big divide_rounded(const Big& value, const Big& divisor, Rounding rounding) {
    Big quotient, rest;
    divide_qr(value, divisor, quotient, rest);
    if (rest < 0) {  // make the rest positive: quotient is the floor
        --quotient;
        rest += divisor;
    }
    if (rest == 0 || rounding == Rounding::floor) return quotient;
    const Big twice = 2 * rest;
    const bool up = rounding == Rounding::ceiling || twice > divisor ||
                    (twice == divisor && (rounding == Rounding::half_up || is_odd(quotient)));
    if (up) ++quotient;
    return quotient;
}

std::optional<Decimal> fit(const Big& coefficient, unsigned scale) {
    for (unsigned drop = scale > kMaxScale ? scale - kMaxScale : 0; drop <= scale; ++drop) {
        const Big rounded =
            drop == 0 ? coefficient : divide_rounded(coefficient, power(drop), Rounding::half_even);
        if (abs(rounded) <= largest())
            return reduce({narrow(rounded), static_cast<std::uint8_t>(scale - drop)});
    }
    return std::nullopt;
}

Int128 small_power(unsigned exponent) {
    Int128 result = 1;
    for (unsigned i = 0; i < exponent; ++i) result *= 10;
    return result;
}

// The coefficient at a larger scale, if it fits.
bool rescale(const Decimal& value, unsigned scale, Int128& out) {
    return !__builtin_mul_overflow(value.coefficient, small_power(scale - value.scale), &out);
}

Big at_scale(const Decimal& value, unsigned scale) {
    return big(value.coefficient) * power(scale - value.scale);
}

}  // namespace

Decimal reduce(Decimal value) {
    if (value.coefficient == 0) return {};
    while (value.scale > 0 && value.coefficient % 10 == 0) {
        value.coefficient /= 10;
        --value.scale;
    }
    return value;
}

std::optional<Decimal> add(const Decimal& a, const Decimal& b) {
    const unsigned scale = std::max(a.scale, b.scale);
    Int128 x, y, sum;
    if (rescale(a, scale, x) && rescale(b, scale, y) && !__builtin_add_overflow(x, y, &sum) &&
        sum != kLeast) {
        return reduce({sum, static_cast<std::uint8_t>(scale)});
    }
    return fit(at_scale(a, scale) + at_scale(b, scale), scale);
}

std::optional<Decimal> subtract(const Decimal& a, const Decimal& b) {
    return add(a, {-b.coefficient, b.scale});
}

std::optional<Decimal> multiply(const Decimal& a, const Decimal& b) {
    const unsigned scale = a.scale + b.scale;
    Int128 product;
    if (scale <= kMaxScale && !__builtin_mul_overflow(a.coefficient, b.coefficient, &product) &&
        product != kLeast) {
        return reduce({product, static_cast<std::uint8_t>(scale)});
    }
    return fit(big(a.coefficient) * big(b.coefficient), scale);
}

std::optional<Decimal> divide(const Decimal& a, const Decimal& b) {
    const unsigned scale = std::max<unsigned>({kDivisionScale, a.scale, b.scale});
    Big numerator = big(a.coefficient) * power(b.scale + scale);
    Big denominator = big(b.coefficient) * power(a.scale);
    if (denominator < 0) {
        numerator = -numerator;
        denominator = -denominator;
    }
    return fit(divide_rounded(numerator, denominator, Rounding::half_even), scale);
}

std::optional<Int128> integer_divide(const Decimal& a, const Decimal& b) {
    const unsigned scale = std::max(a.scale, b.scale);
    const Big quotient = at_scale(a, scale) / at_scale(b, scale);
    if (abs(quotient) > largest()) return std::nullopt;
    return narrow(quotient);
}

std::optional<Decimal> modulo(const Decimal& a, const Decimal& b) {
    const unsigned scale = std::max(a.scale, b.scale);
    return fit(at_scale(a, scale) % at_scale(b, scale), scale);
}

std::optional<Decimal> round(const Decimal& value, std::int64_t digits, Rounding rounding) {
    if (digits >= static_cast<std::int64_t>(value.scale)) return value;
    if (digits < -static_cast<std::int64_t>(kMaxScale)) return Decimal{};
    const auto drop = static_cast<unsigned>(static_cast<std::int64_t>(value.scale) - digits);
    const Big rounded = divide_rounded(big(value.coefficient), power(drop), rounding);
    if (digits >= 0) return fit(rounded, static_cast<unsigned>(digits));
    return fit(rounded * power(static_cast<unsigned>(-digits)), 0);
}

int compare(const Decimal& a, const Decimal& b) {
    if (a.scale == b.scale) return (a.coefficient > b.coefficient) - (a.coefficient < b.coefficient);
    const unsigned scale = std::max(a.scale, b.scale);
    Int128 x, y;
    if (rescale(a, scale, x) && rescale(b, scale, y)) return (x > y) - (x < y);
    return at_scale(a, scale).compare(at_scale(b, scale));
}

}  // namespace clacks::xquery
