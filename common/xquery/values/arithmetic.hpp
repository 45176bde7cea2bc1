// Arithmetic (XQuery 3.1, 3.5): on numbers (Functions and Operators 3.1, 4.2), and on dates, times and
// durations, which is in date_arithmetic.hpp.
#pragma once

#include <cstdint>
#include <string_view>

#include "common/xquery/values/arena.hpp"
#include "common/xquery/values/item.hpp"

namespace clacks::xquery {

enum class Arithmetic : std::uint8_t { add, subtract, multiply, divide, integer_divide, modulo };
std::string_view symbol(Arithmetic op);  // "+", "idiv" …

// Both operands atomic; untypedAtomic is cast to double, numbers are promoted. XPTY0004 for other
// types, FOAR0001 for a division of decimals by zero, FOAR0002 for an overflow. `zone`, in minutes, is that
// of dates and times without one.
Item arithmetic(Arithmetic op, const Item& a, const Item& b, Arena& arena, std::int16_t zone = 0);
// Unary minus and plus.
Item negate(const Item& a, Arena& arena);
Item unary_plus(const Item& a, Arena& arena);

}  // namespace clacks::xquery
