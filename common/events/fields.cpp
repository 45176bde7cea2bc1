#include "common/events/fields.hpp"

namespace clacks::events {

namespace {

// The first element among the children that is called `name`, or any where it is "".
xml::NodeIndex child(const xml::Tree& tree, xml::NodeIndex parent, std::string_view name) {
    for (xml::NodeIndex i = tree.first_child(parent); i < tree[parent].end; i = tree[i].end) {
        if (tree.kind(i) == xml::NodeKind::element && (name.empty() || tree.name(i).local == name)) return i;
    }
    return xml::kNoNode;
}

}  // namespace

std::string_view field(const Event& event, std::string_view name) {
    const xml::Tree& tree = *event.tree;
    xml::NodeIndex at = child(tree, 0, "");
    if (at != xml::kNoNode) at = child(tree, at, "");
    if (at != xml::kNoNode) at = child(tree, at, name);
    return at == xml::kNoNode ? std::string_view() : tree.string_value(at);
}

}  // namespace clacks::events
