// What somebody who wrote another language's word or symbol most likely meant.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace clacks::xquery::syntax {

// For the token at a place where the grammar did not expect it: what to write instead, or "".
std::string near_miss(std::string_view text, std::size_t at);

}  // namespace clacks::xquery::syntax
