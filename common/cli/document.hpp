// Event documents as people and line-wise programs read them.
#pragma once

#include <string>
#include <string_view>

namespace clacks::cli {

// On one line: without white space between elements, with line feeds in text as &#xA;. The same
// document to a program that reads XML, but for the white space.
std::string document_line(std::string_view document);

// Indented, with colours where wanted. Control characters of the text are escaped, so that a sender
// cannot steer the reader's terminal.
std::string document_pretty(std::string_view document, bool coloured);

}  // namespace clacks::cli
