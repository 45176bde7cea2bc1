// Reads the text of a row's signature.
#pragma once

#include "common/xquery/functions/library.hpp"

namespace clacks::xquery {

// Throws std::logic_error for a signature that is not well-formed, which a test would have found.
Function parse_signature(const FunctionRow& row);
// "xs:string?", "item()*" …
SequenceType parse_type(std::string_view text);

// The namespace of a prefix that signatures use (fn math map array xs), or "".
std::string_view signature_namespace(std::string_view prefix);

}  // namespace clacks::xquery
