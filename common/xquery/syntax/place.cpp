#include "common/xquery/syntax/place.hpp"

#include <algorithm>

#include "common/base/text.hpp"
#include "common/xquery/syntax/scanner.hpp"

namespace clacks::xquery::syntax {

namespace {

std::size_t name_length(const Scanner& scan, std::size_t at) {
    const bool name = at < scan.text().size() && is_name_start(code_point_at(scan.text(), at).value);
    return name ? scan.token_at(at).size() : 0;
}

std::size_t token_length(std::string_view text, std::size_t at) {
    if (at >= text.size()) return 0;
    if (text[at] == '"' || text[at] == '\'') {
        const std::size_t end = text.find_first_of(std::string{text[at], '\n'}, at + 1);
        return end == std::string_view::npos || text[end] == '\n' ? 1 : end + 1 - at;
    }
    const Scanner scan(text);
    if (text[at] == '$') return 1 + token_length(text, at + 1);
    const std::size_t name = name_length(scan, at);
    if (name == 0) return scan.token_at(at).size();
    const std::size_t colon = at + name;
    const std::size_t local = colon < text.size() && text[colon] == ':' ? name_length(scan, colon + 1) : 0;
    return local == 0 ? name : name + 1 + local;
}

}  // namespace

void set_place(Diagnostic& diagnostic, std::string_view text, std::size_t offset, std::size_t length) {
    const std::size_t begin = std::min(offset, text.size());
    const std::size_t end = std::min(begin + (length == 0 ? token_length(text, begin) : length), text.size());
    const Position from = position_of(text, begin);
    const Position to = position_of(text, end);
    diagnostic.line = static_cast<std::uint32_t>(from.line);
    diagnostic.column = static_cast<std::uint32_t>(from.column);
    diagnostic.end_line = static_cast<std::uint32_t>(to.line);
    diagnostic.end_column = static_cast<std::uint32_t>(to.column);
}

}  // namespace clacks::xquery::syntax
