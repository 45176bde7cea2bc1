#include "common/xquery/plan/axis.hpp"

namespace clacks::xquery::plan {

namespace {

constexpr Kinds kParents = kDocument | kElement;
constexpr Kinds kChildren = kElement | kind_of(xml::NodeKind::text) | kind_of(xml::NodeKind::comment) |
                            kind_of(xml::NodeKind::processing_instruction);

// `result` where any of the nodes may have what the axis leads to.
Kinds if_any(Kinds nodes, Kinds result) {
    return nodes == kNothing ? kNothing : result;
}

Kinds axis_kinds(Axis axis, Kinds from) {
    switch (axis) {
        case Axis::child:
        case Axis::descendant:
            return if_any(from & kParents, kChildren);
        case Axis::attribute:
            return if_any(from & kElement, kAttribute);
        case Axis::self:
            return from;
        case Axis::descendant_or_self:
            return from | if_any(from & kParents, kChildren);
        case Axis::following_sibling:
        case Axis::preceding_sibling:
            return if_any(from & kChildren, kChildren);
        case Axis::following:
        case Axis::preceding:
            return if_any(from & ~kDocument, kChildren);
        case Axis::parent:
        case Axis::ancestor:
            return if_any(from & ~kDocument, kParents);
        case Axis::ancestor_or_self:
            return from | if_any(from & ~kDocument, kParents);
    }
    return kNodes;
}

}  // namespace

Kinds step_kinds(Axis axis, const NodeTest& test, Kinds from) {
    const Kinds reached = axis_kinds(axis, from & kNodes);
    switch (test.form) {
        case NodeTest::Form::any_node:
            return reached;
        case NodeTest::Form::type:
            return test.type.never ? kNothing : reached & kinds_of(test.type);
        default:
            return reached & kind_of(test.principal);
    }
}

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
