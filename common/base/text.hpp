// Small text helpers that more than one library needs.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace clacks {

// The candidate nearest to `wanted` by edit distance (insert, delete, replace, swap of neighbours),
// ignoring case, or "" when none is near enough to be a slip of the fingers.
std::string nearest(std::string_view wanted, const std::vector<std::string>& candidates);

// Whether the bytes are UTF-8 as RFC 3629 defines it: no overlong forms, no surrogates, at most U+10FFFF.
bool is_utf8(std::string_view bytes);

// Offset of the first byte that is not valid UTF-8, or npos.
std::size_t invalid_utf8(std::string_view bytes);

// At most `limit` bytes of text on one line, safe for a log: control characters escaped, cut at a
// code point with "…" when longer.
std::string one_line(std::string_view text, std::size_t limit = 200);

// White space as XML Schema's "collapse" has it: none at the ends, one blank between (Structures, 4.3.6).
std::string collapsed(std::string_view text);

// 1-based line and column (in code points) of a byte offset.
struct Position {
    std::size_t line = 1;
    std::size_t column = 1;
};
Position position_of(std::string_view text, std::size_t offset);

}  // namespace clacks
