// What functions that reach outside share.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/base/result.hpp"
#include "common/xquery/functions/family.hpp"

namespace clacks::xquery {

// Throws the error that the resolver names, or the one that is usual for the function.
[[noreturn]] void not_resolved(const Diagnostic& problem, Code usual, std::string_view what);

// Against the static base URI; `invalid` for what is no URI, is relative without a base or has a fragment.
std::string absolute_uri(CallContext& call, std::string_view uri, Code invalid);

// The characters of a text, decoded, also those that XML does not allow: FOUT1170 where there is none,
// FOUT1190 and FOUT1200 where it cannot be decoded. The encoding known from outside goes before the one that
// is given; without either, a byte order mark tells it, or it is UTF-8.
std::string_view text_resource(CallContext& call, std::string_view href,
                               std::optional<std::string_view> encoding);

}  // namespace clacks::xquery
