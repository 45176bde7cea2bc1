#include "common/base/result.hpp"

namespace clacks {

std::string to_string(const Diagnostic& diagnostic) {
    std::string text = diagnostic.source;
    if (diagnostic.line != 0) {
        if (!text.empty()) text += ':';
        text += std::to_string(diagnostic.line);
        if (diagnostic.column != 0) text += ':' + std::to_string(diagnostic.column);
    }
    if (!text.empty()) text += ": ";
    if (!diagnostic.path.empty()) text += diagnostic.path + ": ";
    if (!diagnostic.code.empty()) text += '[' + diagnostic.code + "] ";
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
