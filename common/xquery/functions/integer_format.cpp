// fn:format-integer (Functions and Operators 3.1, 4.6).
#include <string>

#include "common/base/text.hpp"
#include "common/xquery/functions/family.hpp"
#include "common/xquery/functions/integer_picture.hpp"
#include "common/xquery/values/number.hpp"

namespace clacks::xquery {

namespace {

[[noreturn]] void wrong_picture(std::string_view picture, std::string why) {
    fail(Code::FODF1310, "'" + one_line(picture, 60) + "' is no picture of an integer: " + std::move(why),
         "write it as in '1', '#,##0', 'A', 'i', 'Ww', '1;o'");
}

// Words are made by rules.
constexpr std::uint64_t kLanguageSteps = 20;

struct Modifier {
    bool ordinal = false;
    std::string_view suffix;  // "-o" of "o(-o)"
};

// [co] with something in parentheses, then [at].
Modifier parse_modifier(std::string_view text, std::string_view picture) {
    Modifier modifier;
    if (!text.empty() && (text.front() == 'c' || text.front() == 'o')) {
        modifier.ordinal = text.front() == 'o';
        text.remove_prefix(1);
        const std::size_t end = text.rfind(')');
        if (text.starts_with("(") && end != std::string_view::npos && end > 1) {
            modifier.suffix = text.substr(1, end - 1);
            text.remove_prefix(end + 1);
        }
    }
    if (text == "a" || text == "t") text = {};
    if (!text.empty()) wrong_picture(picture, "what is behind the last ';' is no modifier");
    if (modifier.suffix.starts_with("-")) modifier.suffix.remove_prefix(1);
    return modifier;
}

Value format_integer(CallContext& call, Arguments arguments) {
    const std::string_view whole = text(arguments[1]);
    call.steps.take(kLanguageSteps + whole.size() / 8);
    const std::size_t end = std::min(whole.rfind(';'), whole.size());
    const std::string_view token = whole.substr(0, end);
    if (token.empty()) wrong_picture(whole, "it is empty");
    const Modifier modifier = end < whole.size() ? parse_modifier(whole.substr(end + 1), whole) : Modifier();
    const auto picture = IntegerPicture::parse(token);
    if (!picture) wrong_picture(whole, "its digits and separators are in the wrong order");
    if (arguments[0].empty()) return Item::of_text("");
    const Language language =
        Language::find(arguments.size() > 2 ? text(arguments[2]) : "").value_or(Language::english());
    const Int128 value = integer_of(arguments[0].front());
    std::string out = value < 0 ? "-" : "";
    out += picture->format(value < 0 ? -value : value, modifier.ordinal, modifier.suffix, language);
    return made(call, out);
}

const FunctionRow kRows[] = {
    {"fn:format-integer($value as xs:integer?, $picture as xs:string [, $language as xs:string?]) as "
     "xs:string",
     format_integer},
};

}  // namespace

std::span<const FunctionRow> integer_format_functions() {
    return kRows;
}

}  // namespace clacks::xquery
