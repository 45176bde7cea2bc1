// Pictures of integers (Functions and Operators 3.1, 4.6.1), as fn:format-integer has them and the components
// of dates and times too (9.8.4).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/xquery/functions/languages.hpp"
#include "common/xquery/values/item.hpp"

namespace clacks::xquery {

// The zero of the decimal digits that `c` belongs to; none where it is no digit.
std::optional<char32_t> zero_of(char32_t c);

// Separators between digits, by the number of digits behind each, which grows.
struct Grouping {
    std::vector<std::pair<unsigned, char32_t>> separators;
    // Of a picture of `digits` digits: whether the groups go on beyond it.
    bool is_regular(unsigned digits) const;
};
// The digits '0' to '9' of a whole number with the separators and in the digits that begin with `zero`.
std::string group_digits(std::string_view digits, const Grouping& grouping, bool regular, char32_t zero);

// "#,##0": optional and mandatory digits, and separators.
struct DigitPicture {
    char32_t zero = '0';
    unsigned mandatory = 1;
    unsigned digits = 1;  // optional ones too
    Grouping grouping;

    // None where the text is no such picture, though it has digits.
    static std::optional<DigitPicture> parse(std::u32string_view text);
    // At least `least` digits.
    std::string format(std::string_view digits, unsigned least) const;
};

struct IntegerPicture {
    enum class Form : std::uint8_t { digits, letters, roman, words, series, kanji };
    enum class Case : std::uint8_t { lower, upper, title };
    Form form = Form::digits;
    Case letters = Case::lower;
    DigitPicture digits;
    char32_t first = 0;  // of letters and series: what stands for 1
    unsigned count = 0;  // and how many there are

    // The primary format token. What is not known is taken as "1"; none for a wrong picture of digits.
    static std::optional<IntegerPicture> parse(std::string_view token);
    // Not of a negative number.
    std::string format(Int128 value, bool ordinal, std::string_view suffix, const Language& language,
                       unsigned least_digits = 0) const;
};

// The digits of a number that is not negative.
std::string digits_of(Int128 value);

}  // namespace clacks::xquery
