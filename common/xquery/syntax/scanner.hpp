// Characters of a query, read where the parser stands. The grammar of XQuery has no reserved words and
// its tokens depend on what may come (XQuery 3.1, A.2), so there is no token stream: the parser asks for
// what it can use.
//
// White space and comments are skipped before every token unless said otherwise.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "common/xml/characters.hpp"
#include "common/xquery/syntax/node.hpp"
#include "common/xquery/values/error.hpp"

namespace clacks::xquery::syntax {

using xml::append_utf8;
using xml::code_point_at;
using xml::CodePoint;
using xml::is_name_char;
using xml::is_name_start;
using xml::is_space;

inline bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

class Scanner {
  public:
    explicit Scanner(std::string_view text) : text_(text) {}

    std::size_t position() const { return position_; }
    void go_back(std::size_t position) {
        position_ = position;
        if (token_end_ > position) token_end_ = position;
    }
    // Just behind the token taken last.
    std::size_t token_end() const { return token_end_; }
    // Where the next token begins.
    std::size_t token_start();
    bool at_end();

    void skip_space() {
        if (finished() || is_space(text_[position_]) || text_[position_] == '(') skip_space_and_comments();
    }
    // Exactly these characters, whatever follows.
    bool take(std::string_view symbol) {
        if (!looking_at(symbol)) return false;
        advance(symbol.size());
        return true;
    }
    bool looking_at(std::string_view symbol) {
        skip_space();
        return here_is(symbol);
    }
    // A name that is this word and no part of a longer or prefixed name.
    bool take_word(std::string_view word) {
        if (!looking_at_word(word)) return false;
        advance(word.size());
        return true;
    }
    bool looking_at_word(std::string_view word) {
        skip_space();
        return here() == word.front() && peek_word() == word;
    }
    // The word that comes next, or "". It is asked for many times at one place, and read once.
    std::string_view peek_word() {
        skip_space();
        if (word_at_ != position_) {
            word_ = word_here();
            word_at_ = position_;
        }
        return word_;
    }
    // Whether the word comes next with the symbol after it ("if (").
    bool looking_at(std::string_view word, std::string_view symbol) {
        return looking_at_word(word) && symbol_follows(word.size(), symbol);
    }

    // Without skipping white space first.
    char here() const { return position_ < text_.size() ? text_[position_] : '\0'; }
    bool here_is(std::string_view symbol) const {
        return here() == symbol.front() && text_.substr(position_).starts_with(symbol);
    }
    bool finished() const { return position_ >= text_.size(); }
    void advance(std::size_t bytes = 1) { token_end_ = position_ += bytes; }
    std::string_view text() const { return text_; }
    std::string_view from(std::size_t start) const { return text_.substr(start, position_ - start); }
    // "" where no name begins.
    std::string_view take_ncname_here();

    // A symbol, a name without its prefix, digits, or one character; "" at the end.
    std::string_view token_at(std::size_t at) const;
    // What stands at a place, for an error: "'foo'", "the end of the query".
    std::string found(std::size_t at) const;
    [[noreturn]] void fail_at(std::size_t at, std::string message, std::string hint = {},
                              Code code = Code::XPST0003) const;
    // At the next token: "expected X, found Y", with the near miss as the hint unless there is another.
    [[noreturn]] void fail_expected(std::string_view what, std::string hint = {});

  private:
    void skip_space_and_comments();
    void skip_comment();
    std::string_view word_here() const;
    bool symbol_follows(std::size_t bytes, std::string_view symbol);
    std::size_t ncname_end(std::size_t from) const;
    std::string_view text_;
    std::size_t position_ = 0;
    std::size_t token_end_ = 0;
    std::size_t word_at_ = std::string_view::npos;  // where `word_` was read
    std::string_view word_;
};

}  // namespace clacks::xquery::syntax
