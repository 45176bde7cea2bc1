// Character classes of XML 1.0 (fifth edition, 2.2 and 2.3) and of Namespaces in XML 1.0.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace clacks::xml {

bool is_space(char c);
bool is_char(char32_t c);
bool is_name_start(char32_t c);  // of an NCName: no colon
bool is_name_char(char32_t c);
bool is_ncname(std::string_view text);

// The code point at a place of valid UTF-8, and its bytes.
struct CodePoint {
    char32_t value = 0;
    std::size_t bytes = 0;
};
CodePoint code_point_at(std::string_view text, std::size_t at);
std::u32string code_points(std::string_view text);
void append_utf8(std::string& out, char32_t c);

// Without white space at both ends.
std::string_view trim(std::string_view text);

}  // namespace clacks::xml
