// From offsets in a query to the lines and columns that a Diagnostic has.
#pragma once

#include <cstddef>
#include <string_view>

#include "common/base/result.hpp"

namespace clacks::xquery::syntax {

// Where what is wrong begins and ends. A length of 0 stands for the token there: a name with its prefix and
// dollar sign, a literal, an operator.
void set_place(Diagnostic& diagnostic, std::string_view text, std::size_t offset, std::size_t length);

}  // namespace clacks::xquery::syntax
