// Walking the axes of a tree (XQuery 3.1, 3.3.2.1) and testing nodes (3.3.2.2).
#pragma once

#include <cstdint>
#include <string_view>

#include "common/xquery/plan/operator.hpp"
#include "common/xquery/values/sequence_type.hpp"

namespace clacks::xquery::plan {

enum class Axis : std::uint8_t {
    child,
    descendant,
    attribute,
    self,
    descendant_or_self,
    following_sibling,
    following,
    parent,
    ancestor,
    preceding_sibling,
    preceding,
    ancestor_or_self,
};
constexpr bool is_reverse(Axis axis) {
    return axis >= Axis::parent;
}

struct NodeTest {
    enum class Form : std::uint8_t { any_node, any_name, name, in_namespace, local_name, type };
    Form form = Form::any_node;
    xml::NodeKind principal = xml::NodeKind::element;  // what a name or wildcard selects on the axis
    std::uint64_t hash = 0;
    xml::NameView name;
    std::uint32_t memo = 0;  // index into Frame::memos
    ItemType type;           // form type

    bool holds(const xml::Tree& tree, xml::NodeIndex node, Frame& frame) const {
        const xml::Node& n = tree[node];
        if (form == Form::name) {
            if (n.kind != principal) return false;
            const std::uint32_t known = name_in(tree, frame);
            if (known != NameMemo::kMany) return n.name == known;
            const xml::Name& found = tree.name(node);
            return found.hash == hash && found.view() == name;
        }
        return form == Form::any_node || holds_slow(tree, node);
    }

    // Form name: which of the tree's names it is; kNoNode for none of them, NameMemo::kMany where names
    // must be compared.
    std::uint32_t name_in(const xml::Tree& tree, Frame& frame) const {
        const NameMemo& known = frame.memos[memo];
        return known.tree == tree.order() ? known.name : look_up(tree, frame);
    }

  private:
    std::uint32_t look_up(const xml::Tree& tree, Frame& frame) const;
    bool holds_slow(const xml::Tree& tree, xml::NodeIndex node) const;
};

// The kinds of node that the axis leads to from nodes of these kinds and the test lets pass.
Kinds step_kinds(Axis axis, const NodeTest& test, Kinds from);

// Calls visit(index) for every node of the axis, in the order of the axis (reverse axes backwards),
// until it returns false; false then.
template <class Visit>
bool walk(Axis axis, const xml::Tree& tree, xml::NodeIndex node, Visit&& visit);

namespace detail {

template <class Visit>
bool walk_children(const xml::Tree& tree, xml::NodeIndex node, Visit& visit) {
    const xml::NodeIndex end = tree[node].end;
    for (xml::NodeIndex c = tree.first_child(node); c < end; c = tree[c].end) {
        if (!visit(c)) return false;
    }
    return true;
}

// The nodes from..end that are no attributes.
template <class Visit>
bool walk_range(const xml::Tree& tree, xml::NodeIndex from, xml::NodeIndex end, Visit& visit) {
    for (xml::NodeIndex i = from; i < end; ++i) {
        if (tree.kind(i) != xml::NodeKind::attribute && !visit(i)) return false;
    }
    return true;
}

template <class Visit>
bool walk_attributes(const xml::Tree& tree, xml::NodeIndex node, Visit& visit) {
    xml::NodeIndex i = node + 1;
    for (; i < tree[node].end && tree.kind(i) == xml::NodeKind::attribute && tree.parent(i) == node; ++i) {
        if (!visit(i)) return false;
    }
    return true;
}

template <class Visit>
bool walk_ancestors(const xml::Tree& tree, xml::NodeIndex node, Visit& visit) {
    for (xml::NodeIndex i = tree.parent(node); i != xml::kNoNode; i = tree.parent(i)) {
        if (!visit(i)) return false;
    }
    return true;
}

template <class Visit>
bool walk_following_siblings(const xml::Tree& tree, xml::NodeIndex node, Visit& visit) {
    const xml::NodeIndex parent = tree.parent(node);
    if (parent == xml::kNoNode || tree.kind(node) == xml::NodeKind::attribute) return true;
    for (xml::NodeIndex i = tree[node].end; i < tree[parent].end; i = tree[i].end) {
        if (!visit(i)) return false;
    }
    return true;
}

template <class Visit>
bool walk_preceding_siblings(const xml::Tree& tree, xml::NodeIndex node, Visit& visit) {
    const xml::NodeIndex parent = tree.parent(node);
    if (parent == xml::kNoNode || tree.kind(node) == xml::NodeKind::attribute) return true;
    for (xml::NodeIndex i = node - 1; i != parent; --i) {
        while (tree.parent(i) != parent) i = tree.parent(i);
        if (tree.kind(i) == xml::NodeKind::attribute) return true;
        if (!visit(i)) return false;
    }
    return true;
}

template <class Visit>
bool walk_preceding(const xml::Tree& tree, xml::NodeIndex node, Visit& visit) {
    for (xml::NodeIndex i = node; i-- > 0;) {
        if (tree.kind(i) == xml::NodeKind::attribute || tree[i].end > node) continue;
        if (!visit(i)) return false;
    }
    return true;
}

}  // namespace detail

template <class Visit>
bool walk(Axis axis, const xml::Tree& tree, xml::NodeIndex node, Visit&& visit) {
    switch (axis) {
        case Axis::child:
            return detail::walk_children(tree, node, visit);
        case Axis::descendant:
            return detail::walk_range(tree, node + 1, tree[node].end, visit);
        case Axis::attribute:
            return detail::walk_attributes(tree, node, visit);
        case Axis::self:
            return visit(node);
        case Axis::descendant_or_self:
            return visit(node) && detail::walk_range(tree, node + 1, tree[node].end, visit);
        case Axis::following_sibling:
            return detail::walk_following_siblings(tree, node, visit);
        case Axis::following:
            return detail::walk_range(tree, tree[node].end, tree.size(), visit);
        case Axis::parent:
            return tree.parent(node) == xml::kNoNode || visit(tree.parent(node));
        case Axis::ancestor:
            return detail::walk_ancestors(tree, node, visit);
        case Axis::preceding_sibling:
            return detail::walk_preceding_siblings(tree, node, visit);
        case Axis::preceding:
            return detail::walk_preceding(tree, node, visit);
        case Axis::ancestor_or_self:
            return visit(node) && detail::walk_ancestors(tree, node, visit);
    }
    return true;
}

}  // namespace clacks::xquery::plan
