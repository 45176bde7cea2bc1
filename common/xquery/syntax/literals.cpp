// Names, literals and references (XQuery 3.1, 2.1 and 3.1.1; A.2).
#include <cstdint>

#include "common/xquery/syntax/grammar.hpp"

namespace clacks::xquery::syntax {

void Parser::expect(std::string_view symbol, std::string_view where) {
    if (scan_.take(symbol)) return;
    std::string what = "'" + std::string(symbol) + "'";
    if (!where.empty()) what += " " + std::string(where);
    scan_.fail_expected(what);
}

void Parser::expect_word(std::string_view word, std::string_view where) {
    if (scan_.take_word(word)) return;
    std::string what = "'" + std::string(word) + "'";
    if (!where.empty()) what += " " + std::string(where);
    scan_.fail_expected(what);
}

std::string_view Parser::string_literal() {
    const std::size_t start = scan_.token_start();
    const char quote = scan_.here();
    if (quote != '"' && quote != '\'') scan_.fail_expected("a string literal");
    scan_.advance();
    std::string value;
    while (true) {
        if (scan_.finished())
            scan_.fail_at(start, "the string literal is not closed", std::string("end it with ") + quote);
        const char c = scan_.here();
        if (c == quote) {
            scan_.advance();
            if (scan_.here() != quote) return keep(value);
            value += quote;
            scan_.advance();
        } else if (c == '&') {
            reference(value);
        } else {
            value += c;
            scan_.advance();
        }
    }
}

void Parser::reference(std::string& out) {
    const std::size_t start = scan_.position();
    const std::size_t end = scan_.text().find(';', start);
    const std::string_view body =
        end == std::string_view::npos ? std::string_view() : scan_.text().substr(start + 1, end - start - 1);
    struct Entity {
        std::string_view name;
        char value;
    };
    constexpr Entity kEntities[] = {{"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}, {"apos", '\''}};
    for (const Entity& entity : kEntities) {
        if (body != entity.name) continue;
        out += entity.value;
        scan_.advance(body.size() + 2);
        return;
    }
    if (!body.starts_with("#") || body.size() < 2)
        scan_.fail_at(start, "'&' begins no known entity or character reference",
                      "write &amp; for the character itself; there are lt, gt, amp, quot and apos");
    const bool hex = body[1] == 'x';
    std::string_view digits = body.substr(hex ? 2 : 1);
    char32_t value = 0;
    bool good = !digits.empty();
    for (const char c : digits) {
        const int digit = is_digit(c)                   ? c - '0'
                          : hex && c >= 'a' && c <= 'f' ? c - 'a' + 10
                          : hex && c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                        : -1;
        good = good && digit >= 0;
        if (!good) break;
        if (value <= 0x10FFFF) value = value * (hex ? 16 : 10) + static_cast<char32_t>(digit);
    }
    if (!good) scan_.fail_at(start, "the character reference is not a number", "write &#10; or &#xA;");
    if (!xml::is_char(value))
        scan_.fail_at(start, "the character reference names no character of XML", {}, Code::XQST0090);
    append_utf8(out, value);
    scan_.advance(body.size() + 2);
}

std::string_view Parser::normalised(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (!is_space(c)) {
            out += c;
        } else if (!out.empty() && out.back() != ' ') {
            out += ' ';
        }
    }
    if (!out.empty() && out.back() == ' ') out.pop_back();
    return keep(out);
}

std::string_view Parser::braced_uri() {
    const std::size_t start = scan_.position();
    scan_.advance();  // {
    std::string uri;
    while (scan_.here() != '}') {
        if (scan_.finished() || scan_.here() == '{')
            scan_.fail_at(start, "the braced URI is not closed", "write Q{uri}name");
        if (scan_.here() == '&') {
            reference(uri);
        } else {
            uri += scan_.here();
            scan_.advance();
        }
    }
    scan_.advance();
    return normalised(uri);
}

Name Parser::qname_here(std::string_view what) {
    Name name;
    const std::size_t start = scan_.position();
    name.local = scan_.take_ncname_here();
    if (name.local.empty()) scan_.fail_expected(what);
    const std::size_t colon = scan_.position();
    if (scan_.here() == ':' && !scan_.here_is("::") && !scan_.here_is(":=")) {
        scan_.advance();
        const std::string_view local = scan_.take_ncname_here();
        if (local.empty()) {
            scan_.go_back(colon);
        } else {
            name.prefix = name.local;
            name.local = local;
        }
    }
    name.span = span_from(start);
    return name;
}

Name Parser::eqname_here(std::string_view what) {
    if (!scan_.here_is("Q{")) return qname_here(what);
    Name name;
    const std::size_t start = scan_.position();
    scan_.advance();
    name.uri = braced_uri();
    name.braced = true;
    name.local = scan_.take_ncname_here();
    if (name.local.empty()) scan_.fail_expected("a name after '}'");
    name.span = span_from(start);
    return name;
}

Name Parser::eqname(std::string_view what) {
    scan_.skip_space();
    return eqname_here(what);
}

std::string_view Parser::ncname(std::string_view what) {
    scan_.skip_space();
    const std::string_view name = scan_.take_ncname_here();
    if (name.empty()) scan_.fail_expected(what);
    return name;
}

Name Parser::variable_name() {
    if (!scan_.take("$")) {
        const std::string_view word = scan_.peek_word();
        scan_.fail_expected("a variable", word.empty() ? "" : "write $" + std::string(word));
    }
    return eqname("the variable's name");
}

bool Parser::at_name() {
    scan_.skip_space();
    return scan_.here_is("Q{") ||
           (!scan_.finished() && is_name_start(code_point_at(scan_.text(), scan_.position()).value));
}

std::string_view Parser::digits() {
    const std::size_t start = scan_.token_start();
    while (is_digit(scan_.here())) scan_.advance();
    if (scan_.position() == start) scan_.fail_expected("a number");
    return scan_.from(start);
}

}  // namespace clacks::xquery::syntax
