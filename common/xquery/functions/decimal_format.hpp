// Decimal formats (XQuery 3.1, 4.10; Functions and Operators 3.1, 4.7.2): what fn:format-number writes.
#pragma once

#include <optional>
#include <string_view>

#include "common/xquery/values/error.hpp"

namespace clacks::xquery {

struct DecimalFormat {
    char32_t decimal_separator = '.';
    char32_t grouping_separator = ',';
    char32_t exponent_separator = 'e';
    char32_t minus_sign = '-';
    char32_t percent = '%';
    char32_t per_mille = U'\u2030';
    char32_t zero_digit = '0';
    char32_t digit = '#';
    char32_t pattern_separator = ';';
    std::string_view infinity = "Infinity";
    std::string_view nan = "NaN";

    bool is_digit(char32_t c) const { return c >= zero_digit && c < zero_digit + 10; }

    // By the property's name in the prolog ("zero-digit"). False for a value that it cannot have (XQST0097).
    // The text must live as long as the format.
    bool set(std::string_view property, std::string_view value);
    // A character that has two meanings (XQST0098); none where all differ.
    std::optional<char32_t> used_twice() const;
};

// In the static context: both empty for the default format.
struct NamedDecimalFormat {
    std::string_view uri;
    std::string_view local;
    DecimalFormat format;
};

}  // namespace clacks::xquery
