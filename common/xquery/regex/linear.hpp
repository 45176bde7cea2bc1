// Matching by RE2, in time linear in the text.
#pragma once

#include <memory>
#include <span>
#include <string_view>

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
    explicit LinearMatcher(std::unique_ptr<re2::RE2> compiled);
    std::unique_ptr<re2::RE2> compiled_;
};

}  // namespace clacks::xquery
