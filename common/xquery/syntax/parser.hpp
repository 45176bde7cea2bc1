// Reads a query: the whole grammar of XQuery 3.1 with its extra-grammatical constraints (A.1.1, A.2, A.3).
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "common/base/result.hpp"
#include "common/xquery/syntax/ast.hpp"

namespace clacks::xquery::syntax {

struct ParseOptions {
    std::size_t nesting = 200;          // expressions, types and elements inside one another
    std::size_t bytes = 64 * 1024;      // of the text
    std::string_view source = "query";  // what diagnostics call the text
    std::size_t first = 0;              // what the spans of the tree count from; diagnostics do not
};

// Stops at the first error. Its code is the W3C's (XPST0003 for what breaks the grammar; XQST0031,
// XQST0090, XQST0118 … where the specification gives syntax a code of its own), or "limit-nesting" or
// "limit-query-bytes" with the limit named. Line and column are those of the token at fault.
// Never throws on account of the text. Thread safe.
Result<std::unique_ptr<Ast>, Diagnostics> parse(std::string_view text, const ParseOptions& options = {});

}  // namespace clacks::xquery::syntax
