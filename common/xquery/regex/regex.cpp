#include "common/xquery/regex/regex.hpp"

#include <algorithm>

#include "common/xquery/regex/backtracker.hpp"
#include "common/xquery/regex/linear.hpp"

namespace clacks::xquery {

Regex::Regex(std::string_view pattern, std::string_view flags) : pattern_(pattern), flags_(flags) {
    regex::Tree tree = regex::parse(pattern, regex::read_flags(flags));
    parents_ = tree.parents;
    linear_ = LinearMatcher::make(tree);
    // Before and behind a newline that ends the text, RE2's lines are other ones.
    line_anchors_ = tree.anchors && tree.flags.lines;
    if (linear_ == nullptr || line_anchors_)
        backtracker_ = std::make_unique<const Backtracker>(std::move(tree));
    Steps steps(1'000'000);
    matches_empty_ = matches({}, steps);
}

Regex::~Regex() = default;

bool Regex::matches(std::string_view text, Steps& steps) const {
    return find(text, 0, {}, steps);
}

bool Regex::find(std::string_view text, std::size_t from, std::span<Captured> groups, Steps& steps) const {
    constexpr std::size_t kBytesAStep = 16;
    if (linear_ == nullptr || (line_anchors_ && text.ends_with('\n')))
        return backtracker_->find(text, from, groups, steps);
    const bool found = linear_->find(text, from, groups);
    const std::size_t to = found && !groups.empty() ? groups[0].end : text.size();
    steps.take(1 + (std::max(to, from) - from) / kBytesAStep);
    return found;
}

}  // namespace clacks::xquery
