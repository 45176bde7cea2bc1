// fn:unparsed-text, -lines, -available (Functions and Operators 3.1, 14.8.5 to 14.8.7), by the resolver.
#include <unicode/ucnv.h>
#include <unicode/unistr.h>

#include <memory>

#include "common/base/text.hpp"
#include "common/xml/characters.hpp"
#include "common/xquery/functions/resources.hpp"
#include "common/xquery/xquery.hpp"

namespace clacks::xquery {

namespace {

[[noreturn]] void not_decoded(const std::string& uri, const std::string& why) {
    fail(Code::FOUT1190, "the text " + uri + " cannot be decoded: " + why);
}

// What a byte order mark says, or "".
std::string_view marked_encoding(std::string_view bytes) {
    using namespace std::string_view_literals;
    if (bytes.starts_with("\xEF\xBB\xBF"sv)) return "UTF-8";
    if (bytes.starts_with("\xFF\xFE\0\0"sv) || bytes.starts_with("\0\0\xFE\xFF"sv)) return "UTF-32";
    if (bytes.starts_with("\xFF\xFE"sv) || bytes.starts_with("\xFE\xFF"sv)) return "UTF-16";
    return {};
}

// An EncName of XML 1.0 (4.3.3).
bool is_name(std::string_view encoding) {
    if (encoding.empty() || (encoding[0] | 0x20) < 'a' || (encoding[0] | 0x20) > 'z') return false;
    for (const char c : encoding) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        const bool other = (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
        if (!letter && !other) return false;
    }
    return true;
}

std::string decode(const std::string& uri, const std::string& bytes, const std::string& encoding) {
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<UConverter, void (*)(UConverter*)> converter(
        is_name(encoding) ? ucnv_open(encoding.c_str(), &status) : nullptr, ucnv_close);
    if (converter == nullptr || U_FAILURE(status))
        fail(Code::FOUT1190, "the encoding '" + one_line(encoding, 40) + "' of " + uri + " is not known");
    ucnv_setToUCallBack(converter.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
    icu::UnicodeString wide(bytes.data(), static_cast<std::int32_t>(bytes.size()), converter.get(), status);
    if (U_FAILURE(status)) not_decoded(uri, "it is not in the encoding " + encoding);
    std::string out;
    return wide.toUTF8String(out);
}

std::string_view checked(std::string_view uri, std::string_view characters) {
    for (std::size_t at = 0; at < characters.size();) {
        const xml::CodePoint c = xml::code_point_at(characters, at);
        if (!xml::is_char(c.value))
            not_decoded(std::string(uri), "it contains a character that XML does not allow");
        at += c.bytes;
    }
    return characters;
}

std::string_view text_of(CallContext& call, Arguments arguments) {
    const std::string_view href = text(arguments[0]);
    std::optional<std::string_view> encoding;
    if (arguments.size() > 1) encoding = text(arguments[1]);
    return checked(href, text_resource(call, href, encoding));
}

Value unparsed_text(CallContext& call, Arguments arguments) {
    if (arguments[0].empty()) return {};
    return Item::of_text(text_of(call, arguments));
}

Value unparsed_text_lines(CallContext& call, Arguments arguments) {
    if (arguments[0].empty()) return {};
    std::string_view rest = text_of(call, arguments);
    SequenceBuilder lines(call.arena);
    while (!rest.empty()) {
        call.steps.take();
        const std::size_t end = std::min(rest.find_first_of("\r\n"), rest.size());
        lines.add(Item::of_text(rest.substr(0, end)));
        rest.remove_prefix(end);
        if (rest.starts_with("\r\n"))
            rest.remove_prefix(2);
        else if (!rest.empty())
            rest.remove_prefix(1);
    }
    return lines.value();
}

Value unparsed_text_available(CallContext& call, Arguments arguments) {
    if (arguments[0].empty()) return Item::of_bool(false);
    try {
        (void)text_of(call, arguments);
        return Item::of_bool(true);
    } catch (const Error& error) {
        if (error.code >= Code::limit_query_bytes) throw;
        return Item::of_bool(false);
    }
}

constexpr std::uint16_t kReaches = kOutside | kBaseUri;

const FunctionRow kRows[] = {
    {"fn:unparsed-text($href as xs:string? [, $encoding as xs:string]) as xs:string?", unparsed_text,
     kReaches},
    {"fn:unparsed-text-lines($href as xs:string? [, $encoding as xs:string]) as xs:string*",
     unparsed_text_lines, kReaches},
    {"fn:unparsed-text-available($href as xs:string? [, $encoding as xs:string]) as xs:boolean",
     unparsed_text_available, kReaches},
};

}  // namespace

std::string_view text_resource(CallContext& call, std::string_view href,
                               std::optional<std::string_view> encoding) {
    const std::string uri = absolute_uri(call, href, Code::FOUT1170);
    const auto found = call.reached->resolver->text(uri);
    if (!found) not_resolved(found.error(), Code::FOUT1170, "the text " + uri);
    charge(call, found->bytes.size());
    if (found->bytes.size() > call.arena.limit()) call.arena.take(found->bytes.size());  // fails
    if (encoding && !is_name(*encoding))
        fail(Code::FOUT1190, "'" + one_line(*encoding, 40) + "' is not the name of an encoding");
    std::string known = found->encoding;
    if (known.empty() && encoding) known = *encoding;
    const bool guessed = known.empty() && !encoding;
    if (guessed) known = marked_encoding(found->bytes);
    if (guessed && known.empty()) {
        if (!is_utf8(found->bytes))
            fail(Code::FOUT1200, "the text " + uri + " is not in UTF-8, and its encoding is not known",
                 "give the encoding as second argument");
        known = "UTF-8";
    }
    const std::string decoded = decode(uri, found->bytes, known);
    std::string_view characters = decoded;
    if (characters.starts_with("\xEF\xBB\xBF")) characters.remove_prefix(3);
    return call.arena.copy(characters);
}

std::span<const FunctionRow> text_resource_functions() {
    return kRows;
}

}  // namespace clacks::xquery
