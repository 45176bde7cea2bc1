#include "common/xquery/plan/order.hpp"

#include <algorithm>

namespace clacks::xquery::plan {

std::size_t sort_nodes(std::span<Item> nodes) {
    const auto in_order = [](const Item& a, const Item& b) { return precedes(a, b); };
    const auto out_of_order = [](const Item& a, const Item& b) { return !precedes(a, b); };
    // Usually it is in order already, which one walk tells.
    if (std::adjacent_find(nodes.begin(), nodes.end(), out_of_order) == nodes.end()) return nodes.size();
    std::sort(nodes.begin(), nodes.end(), in_order);
    return static_cast<std::size_t>(std::unique(nodes.begin(), nodes.end(), same_node) - nodes.begin());
}

Value in_document_order(Collector& collected, Code mixed) {
    const Value value = collected.value();
    if (value.size() < 2) return value;
    const std::span<Item> items = collected.items();
    const auto nodes = std::count_if(items.begin(), items.end(), [](const Item& i) { return i.is_node(); });
    if (nodes == 0) return value;
    if (static_cast<std::size_t>(nodes) != items.size()) {
        fail(mixed,
             mixed == Code::XPTY0018 ? "a path's last step gives both nodes and other items"
                                     : "a step gives both nodes and other items, and another one follows",
             "use the simple map operator ! where a mixture is meant");
    }
    return {items.data(), sort_nodes(items)};
}

}  // namespace clacks::xquery::plan
