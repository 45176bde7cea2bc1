// What functions see of an evaluation: its memory and steps, the focus, the static context of the code that
// runs, and what has been got from outside.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "common/xquery/values/arena.hpp"
#include "common/xquery/values/cast.hpp"
#include "common/xquery/values/collation.hpp"
#include "common/xquery/values/compare.hpp"
#include "common/xquery/values/item.hpp"

namespace clacks::xquery {

class RegexCache;  // regex/cache.hpp
class Resolver;
struct NamedDecimalFormat;  // functions/decimal_format.hpp

inline constexpr std::string_view kCodepointCollation =
    "http://www.w3.org/2005/xpath-functions/collation/codepoint";

// Context item, position and size (XQuery 3.1, 2.1.2).
struct Focus {
    Item item;
    std::uint64_t position = 0;
    std::uint64_t size = 0;
    bool present = false;
};

// What functions need of the static context.
struct StaticInfo {
    std::string_view base_uri;  // "" when undefined
    std::string_view default_collation = kCodepointCollation;
    const Collation* collation = nullptr;  // the one that default_collation names
    // Names of collations that the program gave: pairs of a URI and that of a collation that is known.
    std::span<const std::pair<std::string, std::string>> collation_names;
    NamespaceBindings namespaces;
    // The default one too where it is not the standard's.
    std::span<const NamedDecimalFormat> decimal_formats;
    std::span<const FunctionItem* const> declared;  // functions of the prolog and of imported modules
    const RegexCache* regexes = nullptr;            // the constant regular expressions of the query
};

// What an evaluation has got from outside; it lives as long as the result.
struct Reached {
    Resolver* resolver = nullptr;  // null: nothing outside can be reached, kOutside functions are not called
    std::map<std::string, std::shared_ptr<const xml::Tree>, std::less<>> documents;  // by URI
};

// One evaluation, as functions see it.
struct CallContext {
    Arena& arena;
    Steps& steps;
    const StaticInfo* statics;  // of the module whose code runs
    Focus focus;
    std::int64_t current_time_ms = 0;  // since 1970 UTC
    std::int16_t implicit_zone = 0;    // minutes
    Reached* reached = nullptr;
    RegexCache* regexes = nullptr;  // regular expressions that are not constant

    // By the default collation.
    CompareContext comparing() const { return {statics->collation, implicit_zone}; }
};

}  // namespace clacks::xquery
