// Character classes of XML 1.0 (fifth edition, 2.2 and 2.3) and of Namespaces in XML 1.0.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace clacks::xml {

// The code point at a place of valid UTF-8, and its bytes.
struct CodePoint {
    char32_t value = 0;
    std::size_t bytes = 0;
};

// What is not ASCII, of which most texts have little.
namespace detail {
bool is_name_start(char32_t c);
bool is_name_char(char32_t c);
CodePoint code_point_at(std::string_view text, std::size_t at);
}  // namespace detail

constexpr bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

constexpr bool is_char(char32_t c) {
    return c == 9 || c == 10 || c == 13 || (c >= 0x20 && c <= 0xD7FF) || (c >= 0xE000 && c <= 0xFFFD) ||
           (c >= 0x10000 && c <= 0x10FFFF);
}

// Of an NCName: no colon.
inline bool is_name_start(char32_t c) {
    if (c >= 0x80) return detail::is_name_start(c);
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

inline bool is_name_char(char32_t c) {
    if (c >= 0x80) return detail::is_name_char(c);
    return is_name_start(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

bool is_ncname(std::string_view text);

inline CodePoint code_point_at(std::string_view text, std::size_t at) {
    const auto first = static_cast<unsigned char>(text[at]);
    return first < 0x80 ? CodePoint{first, 1} : detail::code_point_at(text, at);
}

std::u32string code_points(std::string_view text);
void append_utf8(std::string& out, char32_t c);

// Without white space at both ends.
std::string_view trim(std::string_view text);

}  // namespace clacks::xml
