#include "common/xquery/serialize/output.hpp"

#include <algorithm>

#include "common/xml/characters.hpp"
#include "common/xquery/serialize/normalize.hpp"
#include "common/xquery/values/error.hpp"

namespace clacks::xquery {

namespace {

bool is_plain(char c) {
    return c >= ' ' && c < 0x7F && c != '&' && c != '<' && c != '>' && c != '"' && c != '\\' && c != '/';
}

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<signed char>(c) >= 0; });
}

}  // namespace

void append_reference(std::string& out, char32_t c) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    out += "&#x";
    int shift = 20;
    while (shift > 0 && (c >> shift) == 0) shift -= 4;
    for (; shift >= 0; shift -= 4) out += kDigits[(c >> shift) & 0xF];
    out += ';';
}

void cannot_be_encoded(char32_t c) {
    std::string reference;
    append_reference(reference, c);
    fail(Code::SERE0008,
         "the encoding lacks the character " + reference + ", and here nothing can stand for it",
         "choose UTF-8");
}

void Escaping::refer(std::string& out, char32_t c) const {
    append_reference(out, c);
}

Output::Output(const SerializationParameters& parameters, Steps& steps, std::size_t limit)
    : parameters_(parameters),
      repertoire_(parameters.encoding),
      steps_(steps),
      limit_(limit),
      normalizes_(parameters.normalization_form != "none") {}

void Output::charge(std::size_t bytes) {
    steps_.take(1 + bytes / 64);
    if (out_.size() > limit_)
        fail(Code::limit_memory, "the serialized result has more than " + std::to_string(limit_) + " bytes");
}

std::string Output::normalized(std::string_view text) const {
    if (!normalizes_ || is_ascii(text)) return std::string(text);
    return normalize(text, parameters_.normalization_form);
}

void Output::markup(std::string_view text) {
    raw(text);
    if (repertoire_.is_unicode() || is_ascii(text)) return;
    for (std::size_t at = 0; at < text.size();) {
        const xml::CodePoint c = xml::code_point_at(text, at);
        if (!encodes(c.value)) cannot_be_encoded(c.value);
        at += c.bytes;
    }
}

void Output::characters(std::string_view text, const Escaping& escaping) {
    if (parameters_.character_maps.empty()) return unmapped(text, escaping);
    std::size_t from = 0;
    for (std::size_t at = 0; at < text.size();) {
        const xml::CodePoint c = xml::code_point_at(text, at);
        const auto& maps = parameters_.character_maps;
        const auto found = std::lower_bound(maps.begin(), maps.end(), c.value,
                                            [](const auto& entry, char32_t k) { return entry.first < k; });
        if (found != maps.end() && found->first == c.value) {
            unmapped(text.substr(from, at - from), escaping);
            markup(found->second);
            from = at + c.bytes;
        }
        at += c.bytes;
    }
    unmapped(text.substr(from), escaping);
}

void Output::unmapped(std::string_view text, const Escaping& escaping) {
    if (text.empty()) return;
    if (normalizes_ && !is_ascii(text)) {
        escaped(normalize(text, parameters_.normalization_form), escaping);
    } else {
        escaped(text, escaping);
    }
    charge(text.size());
}

void Output::escaped(std::string_view text, const Escaping& escaping) {
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at;
        while (end < text.size() && is_plain(text[end])) ++end;
        out_ += text.substr(at, end - at);
        if (end == text.size()) return;
        const xml::CodePoint c = xml::code_point_at(text, end);
        at = end + c.bytes;
        if (escaping.escape(out_, c.value, text.substr(at))) continue;
        if (encodes(c.value)) {
            out_ += text.substr(end, c.bytes);
        } else {
            escaping.refer(out_, c.value);
        }
    }
}

}  // namespace clacks::xquery
