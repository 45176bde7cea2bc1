#include "common/xquery/syntax/scanner.hpp"

#include <algorithm>
#include <utility>

#include "common/base/text.hpp"

namespace clacks::xquery::syntax {

namespace {

struct Range {
    char32_t first, last;
};

// Namespaces in XML 1.0 with XML 1.0 (fifth edition), 2.3: NameStartChar without the colon, above ASCII.
constexpr Range kNameStart[] = {{0xC0, 0xD6},     {0xD8, 0xF6},     {0xF8, 0x2FF},    {0x370, 0x37D},
                                {0x37F, 0x1FFF},  {0x200C, 0x200D}, {0x2070, 0x218F}, {0x2C00, 0x2FEF},
                                {0x3001, 0xD7FF}, {0xF900, 0xFDCF}, {0xFDF0, 0xFFFD}, {0x10000, 0xEFFFF}};
constexpr Range kNameMore[] = {{0xB7, 0xB7}, {0x300, 0x36F}, {0x203F, 0x2040}};

template <std::size_t n>
bool within(const Range (&ranges)[n], char32_t c) {
    return std::any_of(std::begin(ranges), std::end(ranges),
                       [c](const Range& r) { return c >= r.first && c <= r.last; });
}

}  // namespace

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_name_start(char32_t c) {
    if (c < 0x80) return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    return within(kNameStart, c);
}

bool is_name_char(char32_t c) {
    if (c < 0x80) return is_name_start(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
    return is_name_start(c) || within(kNameMore, c);
}

bool is_xml_char(char32_t c) {
    return c == 9 || c == 10 || c == 13 || (c >= 0x20 && c <= 0xD7FF) || (c >= 0xE000 && c <= 0xFFFD) ||
           (c >= 0x10000 && c <= 0x10FFFF);
}

CodePoint code_point_at(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) {
        return static_cast<char32_t>(static_cast<unsigned char>(text[at + i]));
    };
    const char32_t first = byte(0);
    if (first < 0x80) return {first, 1};
    const std::size_t bytes = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (at + bytes > text.size()) return {0xFFFD, text.size() - at};
    char32_t value = first & (0x7Fu >> bytes);
    for (std::size_t i = 1; i < bytes; ++i) value = (value << 6) | (byte(i) & 0x3F);
    return {value, bytes};
}

void append_utf8(std::string& out, char32_t c) {
    if (c < 0x80) {
        out += static_cast<char>(c);
        return;
    }
    const int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    out += static_cast<char>((0xF00u >> more & 0xFF) | c >> (6 * more));
    for (int i = more - 1; i >= 0; --i) out += static_cast<char>(0x80 | (c >> (6 * i) & 0x3F));
}

std::size_t Scanner::token_start() {
    skip_space();
    return position_;
}

bool Scanner::at_end() {
    skip_space();
    return finished();
}

void Scanner::skip_space() {
    for (; position_ < text_.size(); ++position_) {
        if (is_space(text_[position_])) continue;
        if (!here_is("(:")) return;
        skip_comment();
        --position_;
    }
}

void Scanner::skip_comment() {
    const std::size_t start = position_;
    std::size_t depth = 0;  // comments nest
    while (position_ < text_.size()) {
        if (here_is("(:")) {
            ++depth;
            position_ += 2;
        } else if (here_is(":)")) {
            position_ += 2;
            if (--depth == 0) return;
        } else {
            ++position_;
        }
    }
    fail_at(start, "the comment is not closed", "end it with ':)'");
}

bool Scanner::looking_at(std::string_view symbol) {
    skip_space();
    return here_is(symbol);
}

bool Scanner::take(std::string_view symbol) {
    if (!looking_at(symbol)) return false;
    advance(symbol.size());
    return true;
}

std::size_t Scanner::ncname_end(std::size_t from) const {
    std::size_t at = from;
    while (at < text_.size()) {
        const CodePoint c = code_point_at(text_, at);
        if (at == from ? !is_name_start(c.value) : !is_name_char(c.value)) break;
        at += c.bytes;
    }
    return at;
}

std::string_view Scanner::peek_word() {
    skip_space();
    const std::size_t end = ncname_end(position_);
    if (end == position_) return {};
    // A prefix is no word; "::" and ":=" are other tokens.
    const std::string_view rest = text_.substr(end);
    if (rest.starts_with(":") && !rest.starts_with("::") && !rest.starts_with(":=") && rest.size() > 1 &&
        (rest[1] == '*' || is_name_start(code_point_at(text_, end + 1).value))) {
        return {};
    }
    return text_.substr(position_, end - position_);
}

bool Scanner::looking_at_word(std::string_view word) {
    return peek_word() == word;
}

bool Scanner::take_word(std::string_view word) {
    if (!looking_at_word(word)) return false;
    advance(word.size());
    return true;
}

bool Scanner::looking_at(std::string_view word, std::string_view symbol) {
    if (!looking_at_word(word)) return false;
    const std::size_t start = position_;
    position_ += word.size();
    const bool found = looking_at(symbol);
    position_ = start;
    return found;
}

std::string_view Scanner::take_ncname_here() {
    const std::size_t start = position_;
    const std::size_t end = ncname_end(start);
    if (end > start) advance(end - start);
    return text_.substr(start, end - start);
}

std::string Scanner::found(std::size_t at) const {
    if (at >= text_.size()) return "the end of the query";
    std::size_t end = ncname_end(at);
    if (end == at) {
        while (end < text_.size() && is_digit(text_[end])) ++end;
    }
    if (end == at) end += code_point_at(text_, at).bytes;
    return "'" + one_line(text_.substr(at, end - at), 40) + "'";
}

void Scanner::fail_at(std::size_t at, std::string message, std::string hint, Code code) const {
    throw Error{code, std::move(message), std::move(hint), std::string(code_name(code)), at};
}

void Scanner::fail_expected(std::string_view what, std::string hint) {
    const std::size_t at = token_start();
    fail_at(at, "expected " + std::string(what) + ", found " + found(at), std::move(hint));
}

}  // namespace clacks::xquery::syntax
