// Strings (Functions and Operators 3.1, 5) as far as they need no regular expressions. Positions count
// code points; ICU knows Unicode's tables.
#include <unicode/bytestream.h>
#include <unicode/casemap.h>
#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>

#include <cmath>
#include <cstdint>
#include <cstring>

#include "common/base/text.hpp"
#include "common/xml/characters.hpp"
#include "common/xquery/functions/family.hpp"
#include "common/xquery/values/number.hpp"

namespace clacks::xquery {

namespace {

bool is_ascii(std::string_view s) {
    for (const char c : s) {
        if (static_cast<unsigned char>(c) >= 0x80) return false;
    }
    return true;
}

// Bytes that continue a character are 10xxxxxx; eight are counted at once.
std::size_t length_of(std::string_view s) {
    constexpr std::uint64_t kOnes = 0x0101'0101'0101'0101;
    std::size_t more = 0;
    std::size_t at = 0;
    for (; at + 8 <= s.size(); at += 8) {
        std::uint64_t eight = 0;
        std::memcpy(&eight, s.data() + at, 8);
        more += ((eight >> 7) & ~(eight >> 6) & kOnes) * kOnes >> 56;  // the sum of the bytes
    }
    for (; at < s.size(); ++at) more += (static_cast<unsigned char>(s[at]) & 0xC0) == 0x80;
    return s.size() - more;
}

Value codepoints_to_string(CallContext& call, Arguments arguments) {
    std::string out;
    for (const Item item : arguments[0]) {
        call.steps.take();
        const Int128 value = integer_of(item);
        if (value < 0 || value > 0x10FFFF || !xml::is_char(static_cast<char32_t>(value)))
            fail(Code::FOCH0001, std::string(to_text(value, call.arena)) + " is no character of XML");
        xml::append_utf8(out, static_cast<char32_t>(value));
    }
    return made(call, out);
}

Value string_to_codepoints(CallContext& call, Arguments arguments) {
    const std::string_view s = text(arguments[0]);
    SequenceBuilder out(call.arena);
    for (std::size_t at = 0; at < s.size();) {
        call.steps.take();
        const xml::CodePoint c = xml::code_point_at(s, at);
        out.add(Item::of_integer(static_cast<std::int64_t>(c.value)));
        at += c.bytes;
    }
    return out.value();
}

// The parts one after the other, in the arena alone.
Value joined(CallContext& call, std::span<const std::string_view> parts, std::string_view separator) {
    std::size_t size = parts.empty() ? 0 : (parts.size() - 1) * separator.size();
    for (const std::string_view part : parts) size += part.size();
    charge(call, size);
    const std::span<char> room = call.arena.take_array<char>(size);
    char* to = room.data();
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0) to = std::copy(separator.begin(), separator.end(), to);
        to = std::copy(parts[i].begin(), parts[i].end(), to);
    }
    return Item::of_text({room.data(), size});
}

Value concat(CallContext& call, Arguments arguments) {
    const std::span<std::string_view> parts = call.arena.take_array<std::string_view>(arguments.size());
    for (std::size_t i = 0; i < parts.size(); ++i)
        parts[i] = arguments[i].empty() ? std::string_view() : string_of(arguments[i].front(), call.arena);
    return joined(call, parts, {});
}

Value string_join(CallContext& call, Arguments arguments) {
    const Value& values = arguments[0];
    call.steps.take(values.size());
    const std::span<std::string_view> parts = call.arena.take_array<std::string_view>(values.size());
    for (std::size_t i = 0; i < parts.size(); ++i) parts[i] = string_of(values[i], call.arena);
    return joined(call, parts, arguments.size() > 1 ? text(arguments[1]) : std::string_view());
}

// Byte offset of the code point with this index, or the size.
std::size_t offset_of(std::string_view s, std::size_t index) {
    std::size_t at = 0;
    while (index > 0 && at < s.size()) {
        at += xml::code_point_at(s, at).bytes;
        --index;
    }
    return at;
}

Value substring(CallContext& call, Arguments arguments) {
    const std::string_view s = text(arguments[0]);
    charge(call, s.size());
    const double start = rounded_position(arguments[1].front().real);
    const double end = arguments.size() > 2 ? start + rounded_position(arguments[2].front().real) : INFINITY;
    if (std::isnan(start) || std::isnan(end)) return Item::of_text("");
    const bool ascii = is_ascii(s);
    const auto length = static_cast<double>(ascii ? s.size() : length_of(s));
    const double from = std::max(start, 1.0);
    const double to = std::min(end, length + 1);
    if (!(from < to)) return Item::of_text("");
    const auto first = static_cast<std::size_t>(from) - 1;
    const std::size_t count = static_cast<std::size_t>(to) - 1 - first;
    if (ascii) return Item::of_text(s.substr(first, count));
    const std::size_t begin = offset_of(s, first);
    return Item::of_text(s.substr(begin, offset_of(s.substr(begin), count)));
}

std::string_view text_or_context(CallContext& call, Arguments arguments) {
    const Value value = or_context(call, arguments);
    return value.empty() ? std::string_view() : string_of(value.front(), call.arena);
}

Value string_length(CallContext& call, Arguments arguments) {
    const std::string_view s = text_or_context(call, arguments);
    charge(call, s.size());
    return Item::of_integer(static_cast<std::int64_t>(length_of(s)));
}

Value normalize_space(CallContext& call, Arguments arguments) {
    const std::string_view s = text_or_context(call, arguments);
    charge(call, s.size());
    const std::span<char> out = call.arena.take_array<char>(s.size());
    std::size_t size = 0;
    for (const char c : s) {
        if (!xml::is_space(c))
            out[size++] = c;
        else if (size > 0 && out[size - 1] != ' ')
            out[size++] = ' ';
    }
    if (size > 0 && out[size - 1] == ' ') --size;
    return Item::of_text({out.data(), size});
}

Value normalize_unicode(CallContext& call, Arguments arguments) {
    std::string form = arguments.size() > 1 ? std::string(xml::trim(text(arguments[1]))) : "NFC";
    for (char& c : form) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    }
    const std::string_view s = text(arguments[0]);
    charge(call, s.size());
    if (form.empty()) return Item::of_text(s);
    UErrorCode status = U_ZERO_ERROR;
    const bool full = form == "FULLY-NORMALIZED";
    const icu::Normalizer2* normalizer = form == "NFC" || full ? icu::Normalizer2::getNFCInstance(status)
                                         : form == "NFD"       ? icu::Normalizer2::getNFDInstance(status)
                                         : form == "NFKC"      ? icu::Normalizer2::getNFKCInstance(status)
                                         : form == "NFKD"      ? icu::Normalizer2::getNFKDInstance(status)
                                                               : nullptr;
    if (normalizer == nullptr || U_FAILURE(status))
        fail(Code::FOCH0003, "the normalization form '" + one_line(form, 40) + "' is not supported",
             "there are NFC, NFD, NFKC, NFKD and FULLY-NORMALIZED");
    std::string out;
    // A character that composes with what stands before it gets a space to do so.
    if (full && !s.empty() &&
        normalizer->hasBoundaryBefore(static_cast<UChar32>(xml::code_point_at(s, 0).value)) == 0)
        out = " ";
    icu::StringByteSink<std::string> sink(&out);
    normalizer->normalizeUTF8(0, icu::StringPiece(s.data(), static_cast<std::int32_t>(s.size())), sink,
                              nullptr, status);
    if (U_FAILURE(status)) fail(Code::FOCH0003, "the text could not be normalized");
    return made(call, out);
}

using CaseFunction = void (*)(const char*, std::uint32_t, icu::StringPiece, icu::ByteSink&, icu::Edits*,
                              UErrorCode&);

Value with_case(CallContext& call, Arguments arguments, char first, char last, int change,
                CaseFunction function) {
    const std::string_view s = text(arguments[0]);
    charge(call, s.size());
    if (is_ascii(s)) {
        const std::span<char> room = call.arena.take_array<char>(s.size());
        for (std::size_t i = 0; i < s.size(); ++i)
            room[i] = s[i] >= first && s[i] <= last ? static_cast<char>(s[i] + change) : s[i];
        return Item::of_text({room.data(), room.size()});
    }
    std::string out;
    UErrorCode status = U_ZERO_ERROR;
    icu::StringByteSink<std::string> sink(&out);
    function("", 0, icu::StringPiece(s.data(), static_cast<std::int32_t>(s.size())), sink, nullptr, status);
    if (U_FAILURE(status)) fail(Code::FOCH0003, "the case of the text could not be changed");
    return made(call, out);
}

Value upper_case(CallContext& call, Arguments arguments) {
    return with_case(call, arguments, 'a', 'z', -32, icu::CaseMap::utf8ToUpper);
}

Value lower_case(CallContext& call, Arguments arguments) {
    return with_case(call, arguments, 'A', 'Z', 32, icu::CaseMap::utf8ToLower);
}

Value translate(CallContext& call, Arguments arguments) {
    const std::u32string from = xml::code_points(text(arguments[1]));
    const std::u32string to = xml::code_points(text(arguments[2]));
    std::string out;
    for (const char32_t c : xml::code_points(text(arguments[0]))) {
        call.steps.take(1 + from.size() / 64);
        const std::size_t at = from.find(c);
        if (at == std::u32string::npos)
            xml::append_utf8(out, c);
        else if (at < to.size())
            xml::append_utf8(out, to[at]);
    }
    return made(call, out);
}

const FunctionRow kRows[] = {
    {"fn:codepoints-to-string($codepoints as xs:integer*) as xs:string", codepoints_to_string},
    {"fn:string-to-codepoints($value as xs:string?) as xs:integer*", string_to_codepoints},
    {"fn:concat($value1 as xs:anyAtomicType?, $value2 as xs:anyAtomicType?, ...) as xs:string", concat, kPure,
     Intrinsic::concat},
    {"fn:string-join($values as xs:anyAtomicType* [, $separator as xs:string]) as xs:string", string_join,
     kPure, Intrinsic::string_join},
    {"fn:substring($value as xs:string?, $start as xs:double [, $length as xs:double]) as xs:string",
     substring},
    {"fn:string-length([$value as xs:string?]) as xs:integer", string_length, kContextItemIfOmitted,
     Intrinsic::string_length},
    {"fn:normalize-space([$value as xs:string?]) as xs:string", normalize_space, kContextItemIfOmitted,
     Intrinsic::normalize_space},
    {"fn:normalize-unicode($value as xs:string? [, $form as xs:string]) as xs:string", normalize_unicode},
    {"fn:upper-case($value as xs:string?) as xs:string", upper_case},
    {"fn:lower-case($value as xs:string?) as xs:string", lower_case},
    {"fn:translate($value as xs:string?, $from as xs:string, $to as xs:string) as xs:string", translate},
};

}  // namespace

std::span<const FunctionRow> string_functions() {
    return kRows;
}

}  // namespace clacks::xquery
