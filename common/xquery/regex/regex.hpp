// Regular expressions (Functions and Operators 3.1, 5.6): XML Schema's with anchors, reluctant quantifiers,
// capturing groups and back-references, under the flags s m i x q.
//
// Matching takes time linear in the text, by RE2, unless the expression has back-references or is too
// large for RE2; then a backtracking matcher runs, whose every move takes a step.
//
// Ownership: a Regex owns all it needs. Thread safety: const use from any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "common/xquery/values/arena.hpp"

namespace clacks::xquery {

// Bytes of a text; begin is kNone for a group that took no part in the match.
struct Captured {
    static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
    std::size_t begin = kNone;
    std::size_t end = kNone;
    bool matched() const { return begin != kNone; }
};

class Regex {
  public:
    // FORX0001 for flags that there are not, FORX0002 with the place for a pattern that is none.
    Regex(std::string_view pattern, std::string_view flags);
    ~Regex();
    Regex(const Regex&) = delete;
    Regex& operator=(const Regex&) = delete;

    bool matches(std::string_view text, Steps& steps) const;
    // The first match that begins at `from` or later. groups[0] is all of it, groups[n] what the n-th group
    // captured; as many as are given are filled in.
    bool find(std::string_view text, std::size_t from, std::span<Captured> groups, Steps& steps) const;

    std::size_t groups() const { return parents_.size() - 1; }
    // The group around a group; 0 for the outermost ones.
    std::size_t parent(std::size_t group) const { return parents_[group]; }
    const std::string& pattern() const { return pattern_; }
    const std::string& flags() const { return flags_; }
    bool has_flag(char flag) const { return flags_.find(flag) != std::string::npos; }
    // Whether matching takes time linear in the length of the text.
    bool is_linear() const { return linear_ != nullptr; }

  private:
    std::string pattern_;
    std::string flags_;
    std::vector<std::size_t> parents_;  // of the groups from 1 on
    std::uint64_t least_length_ = 0;    // characters of the shortest text that it matches
    bool line_anchors_ = false;
    std::unique_ptr<const class LinearMatcher> linear_;
    std::unique_ptr<const class Backtracker> backtracker_;  // where there is no other, or it is needed
};

}  // namespace clacks::xquery
