// Collations (Functions and Operators 3.1, 5.3). Where a `const Collation*` is asked for, null is the
// Unicode codepoint collation, which needs no object: bytes of UTF-8 compare in the same order.
//
// Ownership: collations live as long as the process or the program that made them. Thread safety: const
// use from any thread.
#pragma once

#include <optional>
#include <string_view>
#include <utility>

#include "common/xquery/values/arena.hpp"

namespace clacks::xquery {

class Collation {
  public:
    virtual ~Collation() = default;
    virtual std::string_view uri() const = 0;
    // < 0, 0, > 0
    virtual int compare(std::string_view a, std::string_view b) const = 0;
    // Octets that compare (by memcmp) as the texts do; equal texts have equal keys.
    virtual std::string_view key(std::string_view text, Arena& arena) const = 0;
    // Begin and end of the first match of `part` in `text` by collation units; FOCH0004 where the
    // collation has none.
    virtual std::optional<std::pair<std::size_t, std::size_t>> find(std::string_view text,
                                                                    std::string_view part) const = 0;
    virtual bool starts_with(std::string_view text, std::string_view part) const = 0;
    virtual bool ends_with(std::string_view text, std::string_view part) const = 0;
};

}  // namespace clacks::xquery
