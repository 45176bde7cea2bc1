// Matching by RE2, in time linear in the text.
//
// RE2 compiles at the first use where it is sure to accept the expression: most filters of a large number
// wait for events that do not come, and RE2 takes most of the time and the memory of an expression.
//
// Thread safety: const use from any thread.
#pragma once

#include <atomic>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "common/xquery/regex/regex.hpp"
#include "common/xquery/regex/syntax.hpp"

namespace re2 {
class RE2;
}

namespace clacks::xquery {

class LinearMatcher {
  public:
    // Null where RE2 cannot: for back-references and for what is too large.
    static std::unique_ptr<const LinearMatcher> make(const regex::Tree& tree);
    ~LinearMatcher();
    LinearMatcher(const LinearMatcher&) = delete;
    LinearMatcher& operator=(const LinearMatcher&) = delete;

    bool find(std::string_view text, std::size_t from, std::span<Captured> groups) const;

  private:
    explicit LinearMatcher(std::string expression) : expression_(std::move(expression)) {}
    // Compiles when nobody did; two threads at once may both do so, and one of them for nothing.
    const re2::RE2& compiled() const;

    std::string expression_;                                   // in RE2's syntax
    mutable std::atomic<const re2::RE2*> compiled_ = nullptr;  // owned
};

}  // namespace clacks::xquery
