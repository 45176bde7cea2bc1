#include "common/xquery/syntax/scanner.hpp"

#include <utility>

#include "common/base/text.hpp"
#include "common/xquery/syntax/near_miss.hpp"

namespace clacks::xquery::syntax {

std::size_t Scanner::token_start() {
    skip_space();
    return position_;
}

bool Scanner::at_end() {
    skip_space();
    return finished();
}

void Scanner::skip_space_and_comments() {
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

std::size_t Scanner::ncname_end(std::size_t from) const {
    std::size_t at = from;
    while (at < text_.size()) {
        const CodePoint c = code_point_at(text_, at);
        if (at == from ? !is_name_start(c.value) : !is_name_char(c.value)) break;
        at += c.bytes;
    }
    return at;
}

std::string_view Scanner::word_here() const {
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

// Behind so many bytes.
bool Scanner::symbol_follows(std::size_t bytes, std::string_view symbol) {
    const std::size_t start = position_;
    position_ += bytes;
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

std::string_view Scanner::token_at(std::size_t at) const {
    if (at >= text_.size()) return {};
    for (const std::string_view symbol :
         {"&&", "||", "==", "!=", "<=", ">=", "=>", ":=", "::", "//", "<<", ">>", "``["}) {
        if (text_.substr(at).starts_with(symbol)) return symbol;
    }
    std::size_t end = ncname_end(at);
    if (end == at) {
        while (end < text_.size() && is_digit(text_[end])) ++end;
    }
    if (end == at) end += code_point_at(text_, at).bytes;
    return text_.substr(at, end - at);
}

std::string Scanner::found(std::size_t at) const {
    if (at >= text_.size()) return "the end of the query";
    return "'" + one_line(token_at(at), 40) + "'";
}

void Scanner::fail_at(std::size_t at, std::string message, std::string hint, Code code) const {
    throw Error{code, std::move(message), std::move(hint), std::string(code_name(code)), at};
}

void Scanner::fail_expected(std::string_view what, std::string hint) {
    const std::size_t at = token_start();
    if (hint.empty()) hint = near_miss(text_, at);
    fail_at(at, "expected " + std::string(what) + ", found " + found(at), std::move(hint));
}

}  // namespace clacks::xquery::syntax
