// Pictures of fn:format-number (Functions and Operators 3.1, 4.7.3 to 4.7.5).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/xquery/functions/decimal_format.hpp"
#include "common/xquery/functions/integer_picture.hpp"

namespace clacks::xquery {

// A number that is not negative, exactly: 0.DIGITS * 10^point, without zeros at either end; 0 has no digits.
struct Digits {
    std::string digits;
    int point = 0;

    // "123.45", "1.2e-7"; no sign.
    static Digits read(std::string_view text);
    // Half to even, to this many digits behind the point.
    void round(int fraction);
};

struct NumberPicture {
    std::string prefix;
    std::string suffix;
    Grouping whole_groups;
    unsigned whole_digits = 0;  // optional ones too
    unsigned least_whole = 0;
    Grouping fraction_groups;  // by the number of digits before each
    unsigned least_fraction = 0;
    unsigned most_fraction = 0;
    unsigned least_exponent = 0;  // 0: no exponent
    unsigned scaling = 0;         // digits of the mantissa before the point
    unsigned factor = 1;          // 100: percent, 1000: per mille

    // Of one sub-picture; FODF1310 for a text that is none.
    static NumberPicture parse(std::u32string_view text, const DecimalFormat& format);
    // Already multiplied by the factor; without prefix and suffix.
    std::string write(Digits number, const DecimalFormat& format) const;
};

}  // namespace clacks::xquery
