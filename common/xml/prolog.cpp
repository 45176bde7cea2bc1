#include "common/xml/prolog.hpp"

#include <algorithm>
#include <cctype>

#include "common/base/text.hpp"

namespace clacks::xml {

namespace {

constexpr std::string_view kBom = "\xEF\xBB\xBF";
constexpr std::string_view kSpace = " \t\r\n";

Diagnostic problem_at(std::string_view bytes, std::size_t offset, std::string code, std::string message,
                      std::string hint) {
    Diagnostic result;
    result.code = std::move(code);
    result.message = std::move(message);
    result.hint = std::move(hint);
    const Position position = position_of(bytes, offset);
    result.line = static_cast<std::uint32_t>(position.line);
    result.column = static_cast<std::uint32_t>(position.column);
    return result;
}

Diagnostic encoding_problem(std::string_view bytes, std::size_t offset, std::string message) {
    return problem_at(bytes, offset, "xml-encoding", std::move(message), "send the document in UTF-8");
}

Diagnostic no_document(std::string_view bytes, std::size_t offset, std::string message) {
    return problem_at(bytes, offset, "xml-malformed", std::move(message), "send an XML document");
}

// A document in UTF-16 or UTF-32 betrays itself by its byte order mark or by zero bytes around '<'.
bool looks_wide(std::string_view bytes) {
    const std::string_view start = bytes.substr(0, 4);
    return start.starts_with("\xFE\xFF") || start.starts_with("\xFF\xFE") ||
           start.find('\0') != std::string_view::npos;
}

// The value of a pseudo-attribute of the XML declaration, and its offset; empty when there is none.
struct Value {
    std::string_view text;
    std::size_t offset = 0;
};

Value declared(std::string_view bytes, std::size_t begin, std::size_t end, std::string_view name) {
    const std::string_view declaration = bytes.substr(0, end);
    std::size_t at = declaration.find(name, begin);
    if (at == std::string_view::npos) return {};
    at = declaration.find_first_of("\"'", at);
    if (at == std::string_view::npos) return {};
    const std::size_t close = declaration.find(declaration[at], at + 1);
    if (close == std::string_view::npos) return {};
    return {declaration.substr(at + 1, close - at - 1), at + 1};
}

bool is_utf8_name(std::string_view name) {
    constexpr std::string_view kName = "utf-8";
    return std::equal(name.begin(), name.end(), kName.begin(), kName.end(),
                      [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; });
}

std::optional<Diagnostic> check_declaration(std::string_view bytes, std::size_t begin, std::size_t end,
                                            const ParseLimits& limits) {
    if (const Value version = declared(bytes, begin, end, "version");
        !version.text.empty() && version.text != "1.0")
        return problem_at(bytes, version.offset, "xml-malformed",
                          "XML version '" + one_line(version.text, 20) + "' is not supported",
                          "declare version 1.0, or leave the XML declaration out");
    if (const Value encoding = declared(bytes, begin, end, "encoding");
        limits.encoding != Encoding::decoded && !encoding.text.empty() && !is_utf8_name(encoding.text))
        return encoding_problem(bytes, encoding.offset,
                                "the encoding '" + one_line(encoding.text, 40) + "' is not supported");
    return std::nullopt;
}

}  // namespace

std::string_view without_bom(std::string_view bytes) {
    return bytes.starts_with(kBom) ? bytes.substr(kBom.size()) : bytes;
}

bool has_other_encoding(std::string_view bytes) {
    if (looks_wide(bytes)) return true;
    const std::string_view document = without_bom(bytes);
    if (!document.starts_with("<?xml")) return false;
    const std::size_t end = document.find("?>");
    if (end == std::string_view::npos) return false;
    const Value encoding = declared(document, 0, end, "encoding");
    return !encoding.text.empty() && !is_utf8_name(encoding.text);
}

std::optional<Diagnostic> check_prolog(std::string_view bytes, const ParseLimits& limits) {
    if (bytes.size() > limits.bytes) {
        Diagnostic result;
        result.code = "xml-too-large";
        result.message = "the document has " + std::to_string(bytes.size()) +
                         " bytes, more than the limit of " + std::to_string(limits.bytes);
        result.hint = "send less in one document";
        return result;
    }
    if (limits.encoding == Encoding::declared && has_other_encoding(bytes)) return std::nullopt;
    if (looks_wide(bytes)) return encoding_problem(bytes, 0, "the document is not in UTF-8");
    if (const std::size_t bad = invalid_utf8(bytes); bad != std::string_view::npos)
        return encoding_problem(bytes, bad, "the bytes are not valid UTF-8 here");

    std::size_t at = bytes.size() - without_bom(bytes).size();
    for (;;) {
        at = bytes.find_first_not_of(kSpace, at);
        if (at == std::string_view::npos) {
            if (limits.fragment) return std::nullopt;
            return no_document(bytes, bytes.size(), "the document has no element");
        }
        const std::string_view rest = bytes.substr(at);
        if (limits.fragment && !rest.starts_with('<')) return std::nullopt;
        if (!rest.starts_with('<'))
            return no_document(bytes, at,
                               "the document begins with '" + one_line(rest, 20) + "', which is no XML");
        const bool comment = rest.starts_with("<!--");
        if (!comment && !rest.starts_with("<?")) {
            if (!rest.starts_with("<!") || limits.internal_subset) return std::nullopt;
            return problem_at(bytes, at, "xml-dtd", "a document type declaration is not allowed",
                              "leave <!DOCTYPE and all entity declarations out");
        }
        const std::string_view close = comment ? "-->" : "?>";
        const std::size_t end = bytes.find(close, at + (comment ? 4 : 2));
        if (end == std::string_view::npos) return std::nullopt;  // unclosed: the parser says so
        if (rest.starts_with("<?xml") && kSpace.find(rest[5]) != std::string_view::npos) {
            if (auto problem = check_declaration(bytes, at, end, limits)) return problem;
        }
        at = end + close.size();
    }
}

}  // namespace clacks::xml
