// fn:format-number (Functions and Operators 3.1, 4.7).
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "common/base/text.hpp"
#include "common/xml/characters.hpp"
#include "common/xquery/functions/family.hpp"
#include "common/xquery/functions/number_picture.hpp"
#include "common/xquery/values/arithmetic.hpp"
#include "common/xquery/values/number.hpp"

namespace clacks::xquery {

namespace {

const DecimalFormat& find_format(const CallContext& call, std::string_view uri, std::string_view local) {
    static const DecimalFormat standard;
    for (const NamedDecimalFormat& known : call.statics->decimal_formats) {
        if (known.uri == uri && known.local == local) return known.format;
    }
    if (uri.empty() && local.empty()) return standard;
    std::vector<std::string> names;
    for (const NamedDecimalFormat& known : call.statics->decimal_formats) names.emplace_back(known.local);
    const std::string near = nearest(local, names);
    fail(Code::FODF1280, "there is no decimal format '" + one_line(local, 60) + "'",
         near.empty() ? "declare it: declare decimal-format NAME …;" : "did you mean '" + near + "'?");
}

const DecimalFormat& format_named(CallContext& call, std::string_view given) {
    const std::string_view name = xml::trim(given);
    if (name.starts_with("Q{")) {
        const std::size_t end = std::min(name.find('}'), name.size() - 1);
        return find_format(call, xml::trim(name.substr(2, end - 2)), name.substr(end + 1));
    }
    Code why{};
    const Item text = Item::of_text(name);
    // A prefix has its namespace; a name without one is in no namespace.
    const auto qname = try_cast(text, Type::qname, call.arena, call.statics->namespaces, &why);
    if (!qname)
        fail(Code::FODF1280, "'" + one_line(name, 60) + "' does not name a decimal format",
             why == Code::FONS0004 ? "declare its prefix" : "");
    const QName& found = qname->qname();
    return find_format(call, found.prefix.empty() ? std::string_view() : found.uri, found.local);
}

Item multiplied(const Item& number, unsigned factor, Arena& arena) {
    if (factor == 1) return number;
    return arithmetic(Arithmetic::multiply, number, Item::of_integer(factor), arena);
}

bool is_negative(const Item& number) {
    if (is_decimal(number.type)) return decimal_of(number).coefficient < 0;
    return std::signbit(number.real);
}

Value format_number(CallContext& call, Arguments arguments) {
    const std::string_view given = text(arguments[1]);
    charge(call, given.size());
    const bool named = arguments.size() > 2 && !arguments[2].empty();
    const DecimalFormat& format = named ? format_named(call, text(arguments[2])) : find_format(call, {}, {});
    const std::u32string whole = xml::code_points(given);
    const std::size_t split = std::min(whole.find(format.pattern_separator), whole.size());
    const bool two = split < whole.size();
    if (two && whole.find(format.pattern_separator, split + 1) != std::u32string::npos)
        fail(Code::FODF1310, "the picture of a number has more than two parts");
    const std::u32string_view parts(whole);
    NumberPicture picture = NumberPicture::parse(parts.substr(0, split), format);
    const NumberPicture negative =
        two ? NumberPicture::parse(parts.substr(split + 1), format) : NumberPicture();

    const Item number = arguments[0].empty() ? Item::of_double(std::nan("")) : arguments[0].front();
    if (is_nan(number)) return Item::of_text(format.nan);
    if (is_negative(number)) {
        if (two) {
            picture = negative;
        } else {
            std::string sign;
            xml::append_utf8(sign, format.minus_sign);
            picture.prefix.insert(0, sign);
        }
    }
    const Item scaled = multiplied(number, picture.factor, call.arena);
    std::string out = picture.prefix;
    if (!is_decimal(scaled.type) && std::isinf(scaled.real)) {
        out += format.infinity;
    } else {
        std::string_view digits = cast(scaled, Type::string, call.arena).text();
        if (digits.starts_with('-')) digits.remove_prefix(1);
        out += picture.write(Digits::read(digits), format);
    }
    return made(call, out + picture.suffix);
}

const FunctionRow kRows[] = {
    {"fn:format-number($value as xs:numeric?, $picture as xs:string [, $format as xs:string?]) as xs:string",
     format_number, kNamespaces},
};

}  // namespace

std::span<const FunctionRow> number_format_functions() {
    return kRows;
}

}  // namespace clacks::xquery
