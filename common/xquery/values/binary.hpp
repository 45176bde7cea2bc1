// xs:hexBinary and xs:base64Binary (XML Schema 1.1 part 2, 3.3.15 and 3.3.16). Items hold the octets.
#pragma once

#include <optional>
#include <string_view>

#include "common/xquery/values/arena.hpp"

namespace clacks::xquery {

// The octets, in the arena; none for what is not in the lexical space. White space is collapsed already.
std::optional<std::string_view> parse_hex(std::string_view text, Arena& arena);
std::optional<std::string_view> parse_base64(std::string_view text, Arena& arena);
// Canonical forms: capital letters; no spaces.
std::string_view hex_text(std::string_view octets, Arena& arena);
std::string_view base64_text(std::string_view octets, Arena& arena);

}  // namespace clacks::xquery
