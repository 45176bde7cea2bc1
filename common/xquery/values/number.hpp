// The numeric types: their making, promotion and lexical forms (XML Schema 1.1 part 2).
#pragma once

#include <optional>
#include <string_view>

#include "common/xquery/values/arena.hpp"
#include "common/xquery/values/item.hpp"

namespace clacks::xquery {

// Inline where the value fits 64 bits, else in the arena.
Item make_integer(Int128 value, Arena& arena, Type type = Type::integer);
// Trailing zeros of the fraction are dropped.
Item make_decimal(Decimal value, Arena& arena);
// Integers and decimals.
Int128 integer_of(const Item& item);
Decimal decimal_of(const Item& item);
// Any number, promoted.
double double_of(const Item& item);
bool is_nan(const Item& item);

// Lexical forms, white space not allowed. An integer, or the whole part of a decimal, of more digits than
// are held is none too; a fraction is cut behind the digits held.
std::optional<Int128> parse_integer(std::string_view text);
std::optional<Decimal> parse_decimal(std::string_view text);
std::optional<double> parse_double(std::string_view text);  // INF, -INF, NaN and "+INF" included
std::optional<float> parse_float(std::string_view text);
// Whether the text is an integer or decimal by its form, whatever its size.
bool has_decimal_form(std::string_view text);

// Canonical forms of casting to string (Functions and Operators 3.1, 19.1.2).
std::string_view to_text(Int128 value, Arena& arena);
std::string_view to_text(const Decimal& value, Arena& arena);
std::string_view to_text(double value, Arena& arena);
std::string_view to_text(float value, Arena& arena);

// -1, 0, 1: exact, whatever the scales.
int compare(const Decimal& a, const Decimal& b);
double to_double(const Decimal& value);
// The decimal of exactly this double, rounded to the digits held; none for NaN, INF and too large ones.
std::optional<Decimal> to_decimal(double value);

}  // namespace clacks::xquery
