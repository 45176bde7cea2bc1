#include "common/xquery/plan/axis.hpp"

namespace clacks::xquery::plan {

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
