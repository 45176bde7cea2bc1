#include "common/xquery/plan/axis.hpp"

namespace clacks::xquery::plan {

std::uint32_t NodeTest::look_up(const xml::Tree& tree, Frame& frame) const {
    constexpr std::size_t kFew = 64;  // beyond, a search costs more than the comparisons that it saves
    const std::span<const xml::Name> names = tree.names();
    NameMemo& known = frame.memos[memo];
    known = {tree.order(), names.size() > kFew ? NameMemo::kMany : xml::kNoNode};
    for (std::size_t i = 0; i < names.size() && known.name != NameMemo::kMany; ++i) {
        if (names[i].hash != hash || !(names[i].view() == name)) continue;
        known.name = known.name == xml::kNoNode ? static_cast<std::uint32_t>(i) : NameMemo::kMany;
    }
    return known.name;
}

bool NodeTest::holds_slow(const xml::Tree& tree, xml::NodeIndex node) const {
    if (form == Form::type) return matches(Item::of_node(tree, node), type);
    if (tree.kind(node) != principal) return false;
    switch (form) {
        case Form::in_namespace:
            return tree.name(node).uri == name.uri;
        case Form::local_name:
            return tree.name(node).local == name.local;
        default:
            return true;
    }
}

}  // namespace clacks::xquery::plan
