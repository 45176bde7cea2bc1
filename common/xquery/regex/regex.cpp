#include "common/xquery/regex/regex.hpp"

#include <algorithm>

#include "common/xquery/regex/backtracker.hpp"
#include "common/xquery/regex/linear.hpp"

namespace clacks::xquery {

namespace {

using regex::Node;

constexpr std::uint64_t kMany = std::uint64_t{1} << 40;  // as much as any more

// Characters of the shortest text that a node matches.
std::uint64_t least_length(const regex::Tree& tree, std::uint32_t index) {
    const Node& node = tree.nodes[index];
    std::uint64_t length = 0;
    switch (node.kind) {
        case Node::Kind::character:
        case Node::Kind::set:
            return 1;
        case Node::Kind::sequence:
            for (const std::uint32_t part : node.parts) length += least_length(tree, part);
            break;
        case Node::Kind::choice:
            length = kMany;
            for (const std::uint32_t part : node.parts) length = std::min(length, least_length(tree, part));
            break;
        case Node::Kind::repeat:
            length = node.least == 0
                         ? 0
                         : std::min(least_length(tree, node.parts[0]), kMany / node.least) * node.least;
            break;
        case Node::Kind::group:
            length = least_length(tree, node.parts[0]);
            break;
        case Node::Kind::begin:
        case Node::Kind::end:
        case Node::Kind::back_reference:
            break;
    }
    return std::min(length, kMany);
}

}  // namespace

Regex::Regex(std::string_view pattern, std::string_view flags) : pattern_(pattern), flags_(flags) {
    regex::Tree tree = regex::parse(pattern, regex::read_flags(flags));
    parents_ = tree.parents;
    linear_ = LinearMatcher::make(tree);
    least_length_ = least_length(tree, tree.root);
    // Before and behind a newline that ends the text, RE2's lines are other ones.
    line_anchors_ = tree.anchors && tree.flags.lines;
    // What only texts beyond its size could match it need not be made for: shorter ones are told without it.
    if ((linear_ == nullptr || line_anchors_) && least_length_ < Backtracker::kLargest)
        backtracker_ = std::make_unique<const Backtracker>(std::move(tree));
}

Regex::~Regex() = default;

bool Regex::matches(std::string_view text, Steps& steps) const {
    return find(text, 0, {}, steps);
}

bool Regex::find(std::string_view text, std::size_t from, std::span<Captured> groups, Steps& steps) const {
    constexpr std::size_t kBytesAStep = 16;
    if (text.size() - from < least_length_) {
        steps.take(1);
        return false;
    }
    if (linear_ == nullptr || (line_anchors_ && text.ends_with('\n'))) {
        if (backtracker_ == nullptr) Backtracker::fail_as_too_large();
        return backtracker_->find(text, from, groups, steps);
    }
    const bool found = linear_->find(text, from, groups);
    const std::size_t to = found && !groups.empty() ? groups[0].end : text.size();
    steps.take(1 + (std::max(to, from) - from) / kBytesAStep);
    return found;
}

}  // namespace clacks::xquery
