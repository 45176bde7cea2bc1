// The collations that a query may name (Functions and Operators 3.1, 5.3).
#pragma once

#include <optional>
#include <string_view>

#include "common/xquery/values/collation.hpp"

namespace clacks::xquery {

inline constexpr std::string_view kCodepointCollation =
    "http://www.w3.org/2005/xpath-functions/collation/codepoint";
inline constexpr std::string_view kAsciiCaseInsensitiveCollation =
    "http://www.w3.org/2005/xpath-functions/collation/html-ascii-case-insensitive";

// By its URI; none where it is not known, null for the codepoint collation. Thread safe.
std::optional<const Collation*> find_collation(std::string_view uri);
// The same; a relative URI is resolved against `base`, unless that is "".
std::optional<const Collation*> find_collation(std::string_view uri, std::string_view base, Arena& arena);

}  // namespace clacks::xquery
