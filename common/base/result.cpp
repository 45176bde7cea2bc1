#include "common/base/result.hpp"

#include <algorithm>
#include <cctype>

namespace clacks {

namespace {

// XPST0003, FOAR0001: people look these up. Codes like "event-invalid" are for programs.
bool is_w3c_code(const std::string& code) {
    return code.size() == 8 &&
           std::all_of(code.begin(), code.begin() + 4,
                       [](unsigned char c) { return std::isupper(c) != 0; }) &&
           std::all_of(code.begin() + 4, code.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
}

}  // namespace

std::string to_string(const Diagnostic& diagnostic) {
    std::string text = diagnostic.source;
    if (diagnostic.line != 0) {
        if (!text.empty()) text += ':';
        text += std::to_string(diagnostic.line);
        if (diagnostic.column != 0) text += ':' + std::to_string(diagnostic.column);
    }
    if (!text.empty()) text += ": ";
    if (!diagnostic.path.empty()) text += diagnostic.path + ": ";
    if (is_w3c_code(diagnostic.code)) text += '[' + diagnostic.code + "] ";
    text += diagnostic.message;
    if (!diagnostic.expected.empty()) text += ", expected " + diagnostic.expected;
    if (!diagnostic.hint.empty()) text += "; " + diagnostic.hint;
    return text;
}

std::string to_string(const Diagnostics& diagnostics) {
    std::string text;
    for (const Diagnostic& diagnostic : diagnostics) {
        if (!text.empty()) text += '\n';
        text += to_string(diagnostic);
    }
    return text;
}

}  // namespace clacks
