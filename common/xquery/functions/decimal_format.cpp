#include "common/xquery/functions/decimal_format.hpp"
#include "common/xml/characters.hpp"

#include "common/xquery/functions/integer_picture.hpp"

namespace clacks::xquery {

bool DecimalFormat::set(std::string_view property, std::string_view value) {
    if (property == "infinity" || property == "NaN") {
        (property == "NaN" ? nan : infinity) = value;
        return true;
    }
    struct Row {
        std::string_view name;
        char32_t DecimalFormat::*member;
    };
    constexpr Row kRows[] = {{"decimal-separator", &DecimalFormat::decimal_separator},
                             {"grouping-separator", &DecimalFormat::grouping_separator},
                             {"exponent-separator", &DecimalFormat::exponent_separator},
                             {"minus-sign", &DecimalFormat::minus_sign},
                             {"percent", &DecimalFormat::percent},
                             {"per-mille", &DecimalFormat::per_mille},
                             {"zero-digit", &DecimalFormat::zero_digit},
                             {"digit", &DecimalFormat::digit},
                             {"pattern-separator", &DecimalFormat::pattern_separator}};
    const std::u32string characters = xml::code_points(value);
    if (characters.size() != 1) return false;
    const char32_t c = characters.front();
    if (property == "zero-digit" && zero_of(c) != c) return false;
    for (const Row& row : kRows) {
        if (row.name != property) continue;
        this->*row.member = c;
        return true;
    }
    return false;
}

std::optional<char32_t> DecimalFormat::used_twice() const {
    const char32_t signs[] = {decimal_separator, grouping_separator, exponent_separator,
                              percent,           per_mille,          digit,
                              pattern_separator};
    for (std::size_t i = 0; i < std::size(signs); ++i) {
        if (is_digit(signs[i])) return signs[i];
        for (std::size_t j = 0; j < i; ++j) {
            if (signs[i] == signs[j]) return signs[i];
        }
    }
    return std::nullopt;
}

}  // namespace clacks::xquery
