#include "common/matching/value.hpp"

#include "common/xquery/values/number.hpp"

namespace clacks::matching {

namespace {

// White space around a number or boolean does not count (XML Schema 1.1 part 2, 4.3.6: collapse).
std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kSpace = " \t\r\n";
    const std::size_t begin = text.find_first_not_of(kSpace);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

}  // namespace

const double* Value::as_number() {
    if (number_form_ == Form::unknown) {
        const auto number = xquery::parse_double(trimmed(text_));
        number_form_ = number ? Form::known : Form::none;
        number_ = number.value_or(0);
    }
    return number_form_ == Form::known ? &number_ : nullptr;
}

const double* Value::as_boolean() {
    if (boolean_form_ == Form::unknown) {
        const std::string_view word = trimmed(text_);
        boolean_ = word == "true" || word == "1" ? 1 : 0;
        boolean_form_ = boolean_ == 1 || word == "false" || word == "0" ? Form::known : Form::none;
    }
    return boolean_form_ == Form::known ? &boolean_ : nullptr;
}

}  // namespace clacks::matching
