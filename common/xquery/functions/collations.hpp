// Which collations there are (Functions and Operators 3.1, 5.3): codepoint, html-ascii-case-insensitive
// and the Unicode Collation Algorithm with its parameters, on ICU.
#pragma once

#include <string_view>

#include "common/xquery/functions/library.hpp"
#include "common/xquery/values/collation.hpp"

namespace clacks::xquery {

inline constexpr std::string_view kAsciiCaseInsensitiveCollation =
    "http://www.w3.org/2005/xpath-functions/collation/html-ascii-case-insensitive";
inline constexpr std::string_view kUcaCollation = "http://www.w3.org/2013/collation/UCA";

// The collation of this URI, null for the codepoint collation; FOCH0002 where there is none. A relative URI
// is resolved against the base URI of `statics`, and its collation names are looked up first. Found once,
// a collation lives as long as the process. Thread safe.
const Collation* find_collation(std::string_view uri, const StaticInfo& statics);

// The collation that the parameters behind '?' of an UCA URI ask for; FOCH0002 with the reason where it
// says fallback=no and asks for what ICU has not.
const Collation* find_uca_collation(std::string_view uri, std::string_view parameters);

}  // namespace clacks::xquery
