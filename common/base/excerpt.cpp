#include "common/base/excerpt.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

namespace clacks {

namespace {

// What one code point looks like.
struct Cell {
    std::string_view shown;
    std::size_t columns = 1;
};

std::optional<std::string_view> line_of(std::string_view text, std::uint32_t number) {
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    for (std::uint32_t line = 1;; ++line) {
        const std::size_t end = text.find_first_of("\r\n");
        if (line == number) return text.substr(0, end);
        if (end == std::string_view::npos) return std::nullopt;
        text.remove_prefix(end + (text.substr(end).starts_with("\r\n") ? 2 : 1));
    }
}

std::size_t bytes_of(std::string_view text) {
    std::size_t bytes = 1;
    while (bytes < text.size() && (static_cast<unsigned char>(text[bytes]) & 0xC0U) == 0x80U) ++bytes;
    return bytes;
}

char32_t value_of(std::string_view character) {
    const auto first = static_cast<unsigned char>(character.front());
    if (character.size() == 1) return first;
    char32_t value = first & (0x7FU >> character.size());
    for (const char c : character.substr(1)) value = (value << 6U) | (static_cast<unsigned char>(c) & 0x3FU);
    return value;
}

struct Range {
    char32_t first;
    char32_t last;
};

template <std::size_t N>
bool within(char32_t c, const Range (&ranges)[N]) {
    return std::any_of(std::begin(ranges), std::end(ranges),
                       [&](const Range& range) { return c >= range.first && c <= range.last; });
}

// Controls, and what changes the direction of writing.
bool steers(char32_t c) {
    constexpr Range kRanges[] = {
        {0, 0x1F}, {0x7F, 0x9F}, {0x200E, 0x200F}, {0x2028, 0x202E}, {0x2066, 0x2069}};
    return within(c, kRanges);
}

// As terminals do it (Unicode Standard Annex 11): the blocks of wide characters, and of combining ones.
std::size_t columns_of(char32_t c) {
    constexpr Range kWide[] = {{0x1100, 0x115F},   {0x2E80, 0xA4CF},  {0xAC00, 0xD7A3}, {0xF900, 0xFAFF},
                               {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},  {0xFFE0, 0xFFE6}, {0x1F300, 0x1F64F},
                               {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD}};
    constexpr Range kCombining[] = {
        {0x300, 0x36F}, {0x200B, 0x200D}, {0x20D0, 0x20F0}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}};
    if (within(c, kCombining)) return 0;
    return within(c, kWide) ? 2 : 1;
}

std::vector<Cell> cells_of(std::string_view line) {
    std::vector<Cell> cells;
    while (!line.empty()) {
        const std::string_view character = line.substr(0, bytes_of(line));
        const char32_t value = value_of(character);
        if (value == '\t')
            cells.push_back({" "});
        else if (steers(value))
            cells.push_back({"?"});
        else
            cells.push_back({character, columns_of(value)});
        line.remove_prefix(character.size());
    }
    return cells;
}

std::size_t columns(const std::vector<Cell>& cells, std::size_t first, std::size_t last) {
    std::size_t sum = 0;
    for (std::size_t i = first; i < last; ++i) sum += cells[i].columns;
    return sum;
}

// Cells from `first` on, as many as fit.
std::size_t last_that_fits(const std::vector<Cell>& cells, std::size_t first, std::size_t width) {
    std::size_t last = first;
    for (std::size_t used = 0; last < cells.size() && used + cells[last].columns <= width; ++last)
        used += cells[last].columns;
    return last;
}

}  // namespace

std::string excerpt(std::string_view text, const Diagnostic& diagnostic, std::size_t width) {
    if (diagnostic.line == 0 || diagnostic.column == 0) return {};
    const auto line = line_of(text, diagnostic.line);
    if (!line) return {};
    const std::vector<Cell> cells = cells_of(*line);
    const std::size_t begin = std::min<std::size_t>(diagnostic.column - 1, cells.size());
    const bool on_one_line = diagnostic.end_line <= diagnostic.line;
    const std::size_t known_end = diagnostic.end_column == 0 ? begin : diagnostic.end_column - 1;
    const std::size_t end = std::clamp(on_one_line ? known_end : cells.size(), begin, cells.size());

    // A third of the width shows what comes before.
    std::size_t first = 0;
    if (columns(cells, 0, cells.size()) > width) {
        while (columns(cells, first, begin) > width / 3) ++first;
    }
    const std::size_t last = last_that_fits(cells, first, width);

    std::string shown(first > 0 ? "…" : "");
    for (std::size_t i = first; i < last; ++i) shown += cells[i].shown;
    if (last < cells.size()) shown += "…";
    const std::size_t marked = columns(cells, begin, std::min(end, last));
    shown += '\n' + std::string(columns(cells, first, begin) + (first > 0 ? 1 : 0), ' ');
    return shown + std::string(std::max<std::size_t>(marked, 1), '^') + '\n';
}

}  // namespace clacks
