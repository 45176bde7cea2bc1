// fn:deep-equal (Functions and Operators 3.1, 14.2.2).
#include <memory_resource>
#include <vector>

#include "common/xquery/functions/family.hpp"
#include "common/xquery/values/array.hpp"
#include "common/xquery/values/map.hpp"

namespace clacks::xquery {

namespace {

using xml::NodeIndex;
using xml::NodeKind;

bool same_name(const xml::Tree& x, NodeIndex i, const xml::Tree& y, NodeIndex j) {
    if (x.has_name(i) != y.has_name(j)) return false;
    if (!x.has_name(i)) return true;
    const xml::Name& a = x.name(i);
    const xml::Name& b = y.name(j);
    return a.hash == b.hash && a.view() == b.view();
}

// Compares nodes of two trees side by side, without recursion, as trees may be deep.
class NodeComparison {
  public:
    NodeComparison(CallContext& call, const xml::Tree& x, const xml::Tree& y, const Collation* collation)
        : call_(call), x_(x), y_(y), collation_(collation), open_(&call.arena) {}

    bool equal(NodeIndex x, NodeIndex y) {
        open_.clear();
        if (!same_node(x, y)) return false;
        NodeIndex i = after(x_, x);
        NodeIndex j = after(y_, y);
        while (!open_.empty()) {
            const Open& inside = open_.back();
            i = skip_ignored(x_, i, inside.x_end);
            j = skip_ignored(y_, j, inside.y_end);
            if (i == inside.x_end || j == inside.y_end) {
                if (i != inside.x_end || j != inside.y_end) return false;
                open_.pop_back();
                continue;
            }
            if (!same_node(i, j)) return false;
            i = after(x_, i);
            j = after(y_, j);
        }
        return true;
    }

  private:
    struct Open {
        NodeIndex x_end, y_end;
    };

    static bool is_parent(const xml::Tree& tree, NodeIndex i) {
        return tree.kind(i) == NodeKind::document || tree.kind(i) == NodeKind::element;
    }
    // The first child, or what follows a node that can have none.
    static NodeIndex after(const xml::Tree& tree, NodeIndex i) {
        return is_parent(tree, i) ? tree.first_child(i) : tree[i].end;
    }
    static NodeIndex skip_ignored(const xml::Tree& tree, NodeIndex at, NodeIndex end) {
        while (at < end &&
               (tree.kind(at) == NodeKind::comment || tree.kind(at) == NodeKind::processing_instruction))
            at = tree[at].end;
        return at;
    }

    // Of the nodes themselves; what they hold is left open.
    bool same_node(NodeIndex i, NodeIndex j) {
        call_.steps.take();
        if (x_.kind(i) != y_.kind(j) || !same_name(x_, i, y_, j)) return false;
        if (!is_parent(x_, i)) return same_value(i, j);
        if (x_.kind(i) == NodeKind::element && !same_attributes(i, j)) return false;
        open_.push_back({x_[i].end, y_[j].end});
        return true;
    }
    bool same_value(NodeIndex i, NodeIndex j) {
        charge(call_, x_[i].length);
        return same_text(x_.string_value(i), y_.string_value(j), collation_);
    }
    // In any order.
    bool same_attributes(NodeIndex i, NodeIndex j) {
        const NodeIndex x_end = x_.first_child(i);
        const NodeIndex y_end = y_.first_child(j);
        if (x_end - i != y_end - j) return false;
        for (NodeIndex a = i + 1; a < x_end; ++a) {
            bool found = false;
            for (NodeIndex b = j + 1; b < y_end && !found; ++b) {
                call_.steps.take();
                found = same_name(x_, a, y_, b) && same_value(a, b);
            }
            if (!found) return false;
        }
        return true;
    }

    CallContext& call_;
    const xml::Tree& x_;
    const xml::Tree& y_;
    const Collation* collation_;
    std::pmr::vector<Open> open_;
};

// Of any values. Maps and arrays may hold one another deeper than the machine's stack goes, so what they
// hold is put aside.
class DeepComparison {
  public:
    DeepComparison(CallContext& call, const Collation* collation)
        : call_(call), collation_(collation), open_(&call.arena) {}

    bool equal(const Value& a, const Value& b) {
        open_.push_back({a, b});
        while (!open_.empty()) {
            const auto [x, y] = open_.back();
            open_.pop_back();
            call_.steps.take();
            if (x.size() != y.size()) return false;
            for (std::uint64_t i = 0; i < x.size(); ++i) {
                if (!item(x[i], y[i])) return false;
            }
        }
        return true;
    }

  private:
    bool item(const Item& a, const Item& b) {
        call_.steps.take(cost(a));
        if (a.type == Type::function || b.type == Type::function)
            fail(Code::FOTY0015, "functions cannot be compared with deep-equal()");
        if (a.is_node() != b.is_node()) return false;
        if (a.is_node()) return NodeComparison(call_, *a.tree, *b.tree, collation_).equal(a.node(), b.node());
        if (is_function(a.type) || is_function(b.type)) {
            if (a.type != b.type) return false;
            return a.type == Type::map ? map(a.map(), b.map()) : array(a.array(), b.array());
        }
        return same_atomic(a, b, {collation_, call_.implicit_zone});
    }
    bool map(const MapItem& a, const MapItem& b) {
        if (a.size() != b.size()) return false;
        return a.each([&](const MapItem::Entry& entry) {
            call_.steps.take(cost(entry.key));
            const MapItem::Entry* other = b.find(entry.key);
            if (other != nullptr) open_.push_back({entry.value, other->value});
            return other != nullptr;
        });
    }
    bool array(const ArrayItem& a, const ArrayItem& b) {
        if (a.size() != b.size()) return false;
        call_.steps.take(a.size());
        for (std::uint64_t i = 0; i < a.size(); ++i) open_.push_back({a[i], b[i]});
        return true;
    }

    CallContext& call_;
    const Collation* collation_;
    std::pmr::vector<std::pair<Value, Value>> open_;
};

Value deep_equal_(CallContext& call, Arguments arguments) {
    const Collation* const by = collation(call, arguments, 2);
    return Item::of_bool(deep_equal(call, arguments[0], arguments[1], by));
}

const FunctionRow kRows[] = {
    {"fn:deep-equal($input1 as item()*, $input2 as item()* [, $collation as xs:string]) as xs:boolean",
     deep_equal_, kCollation},
};

}  // namespace

bool deep_equal(CallContext& call, const Item& a, const Item& b, const Collation* collation) {
    return DeepComparison(call, collation).equal(a, b);
}

bool deep_equal(CallContext& call, const Value& a, const Value& b, const Collation* collation) {
    return DeepComparison(call, collation).equal(a, b);
}

std::span<const FunctionRow> deep_equal_functions() {
    return kRows;
}

}  // namespace clacks::xquery
