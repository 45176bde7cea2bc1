// Exact arithmetic of decimals. A result that needs more digits than are held is rounded in its
// fraction; one whose whole part does not fit is none.
#pragma once

#include <optional>

#include "common/xquery/values/item.hpp"

namespace clacks::xquery {

// Digits of the fraction that a division works out, if its operands have no more.
inline constexpr unsigned kDivisionScale = 18;

std::optional<Decimal> add(const Decimal& a, const Decimal& b);
std::optional<Decimal> subtract(const Decimal& a, const Decimal& b);
std::optional<Decimal> multiply(const Decimal& a, const Decimal& b);
// Divisors must not be zero.
std::optional<Decimal> divide(const Decimal& a, const Decimal& b);
std::optional<Int128> integer_divide(const Decimal& a, const Decimal& b);
std::optional<Decimal> modulo(const Decimal& a, const Decimal& b);

enum class Rounding { floor, ceiling, half_up, half_even };  // half_up: towards positive infinity
// To `digits` behind the point; negative digits round before it.
std::optional<Decimal> round(const Decimal& value, std::int64_t digits, Rounding rounding);

// Without trailing zeros in the fraction.
Decimal reduce(Decimal value);

}  // namespace clacks::xquery
