// The checks that come before any XML parser sees a document: size, encoding, version, DOCTYPE.
#pragma once

#include <optional>
#include <string_view>

#include "common/base/result.hpp"
#include "common/xml/parser.hpp"

namespace clacks::xml {

// The problem, or nothing: then the bytes are UTF-8 within the limit and no DTD lies before the root
// element (XML 1.0 allows one nowhere else, so a later one is malformed to any parser).
std::optional<Diagnostic> check_prolog(std::string_view bytes, const ParseLimits& limits);

// The document without its byte order mark.
std::string_view without_bom(std::string_view bytes);

// Whether a byte order mark, zero bytes around the first '<' or the XML declaration tell of another encoding
// than UTF-8.
bool has_other_encoding(std::string_view bytes);

}  // namespace clacks::xml
