#include "common/xquery/syntax/parser.hpp"

#include <algorithm>
#include <cstring>
#include <optional>

#include "common/base/text.hpp"
#include "common/xquery/syntax/grammar.hpp"
#include "common/xquery/syntax/place.hpp"

namespace clacks::xquery::syntax {

namespace {

// XML 1.0, 2.11, as XQuery 3.1, A.2.3 asks; and no byte order mark.
std::string with_plain_line_ends(std::string_view text) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    std::string out;
    if (text.find('\r') == std::string_view::npos) return out = text;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\r') {
            out += text[i];
        } else if (i + 1 == text.size() || text[i + 1] != '\n') {
            out += '\n';
        }
    }
    return out;
}

Diagnostic diagnostic(const Error& error, std::string_view text, std::string_view source) {
    Diagnostic result;
    result.code = error.name;
    result.message = error.message;
    result.hint = error.hint;
    result.source = source;
    if (error.offset != Error::kNowhere) set_place(result, text, error.offset, error.length);
    return result;
}

Error error_at(Code code, std::size_t offset, std::string message, std::string hint) {
    return Error{code, std::move(message), std::move(hint), std::string(code_name(code)), offset};
}

// The first byte that is no character of XML, as an error.
std::optional<Error> bad_character(std::string_view text) {
    if (const std::size_t at = invalid_utf8(text); at != std::string_view::npos)
        return error_at(Code::XPST0003, at, "the query is not UTF-8 here", "save it as UTF-8");
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint c = code_point_at(text, at);
        if (!xml::is_char(c.value))
            return error_at(Code::XPST0003, at,
                            "this character is not allowed in a query, as it is none of XML", "remove it");
        at += c.bytes;
    }
    return std::nullopt;
}

}  // namespace

std::unique_ptr<Ast> Parser::run(std::string_view text, const ParseOptions& options) {
    auto ast = std::make_unique_for_overwrite<Ast>();  // its buffer needs no zeros
    char* copy = static_cast<char*>(ast->arena_.allocate(text.size() + 1, 1));
    std::memcpy(copy, text.data(), text.size());
    ast->text_ = {copy, text.size()};
    ast->first_ = options.first;
    Parser(*ast, options.nesting).module();
    return ast;
}

std::string_view Parser::keep(std::string_view text) {
    if (text.empty()) return {};
    char* to = static_cast<char*>(ast_.arena_.allocate(text.size(), 1));
    std::memcpy(to, text.data(), text.size());
    return {to, text.size()};
}

Span Parser::span_from(std::size_t start) const {
    return span(start, std::max(start, scan_.token_end()));
}

Span Parser::span(std::size_t start, std::size_t end) const {
    return {static_cast<std::uint32_t>(ast_.first_ + start), static_cast<std::uint32_t>(end - start)};
}

Result<std::unique_ptr<Ast>, Diagnostics> parse(std::string_view text, const ParseOptions& options) {
    std::string plain;
    try {
        if (text.size() > options.bytes)
            throw error_at(Code::limit_query_bytes, Error::kNowhere,
                           "the query has " + std::to_string(text.size()) + " bytes, more than " +
                               std::to_string(options.bytes),
                           "shorten it, or raise the limit");
        plain = with_plain_line_ends(text);
        if (auto bad = bad_character(plain)) throw *bad;
        return Parser::run(plain, options);
    } catch (const Error& error) {
        return Diagnostics{diagnostic(error, plain, options.source)};
    }
}

}  // namespace clacks::xquery::syntax
