// Accessors (Functions and Operators 3.1, 2) and functions on nodes (13).
#include <algorithm>
#include <string>
#include <vector>

#include "common/xml/characters.hpp"
#include "common/xquery/functions/family.hpp"
#include "common/xquery/values/number.hpp"

namespace clacks::xquery {

namespace {

using xml::NodeIndex;
using xml::NodeKind;

bool is_named(const Item& node) {
    return node.tree->has_name(node.node());
}

Value node_name(CallContext& call, Arguments arguments) {
    const Value node = node_or_context(call, arguments);
    if (node.empty() || !is_named(node.front())) return {};
    const Item& item = node.front();
    return Item::of_qname(*call.arena.make(item.tree->name(item.node()).view()));
}

Value name(CallContext& call, Arguments arguments) {
    const Value node = node_or_context(call, arguments);
    if (node.empty() || !is_named(node.front())) return Item::of_text("");
    const xml::NameView view = node.front().tree->name(node.front().node()).view();
    if (view.prefix.empty()) return Item::of_text(view.local);
    return made(call, std::string(view.prefix) + ":" + std::string(view.local));
}

Value local_name(CallContext& call, Arguments arguments) {
    const Value node = node_or_context(call, arguments);
    if (node.empty() || !is_named(node.front())) return Item::of_text("");
    return Item::of_text(node.front().tree->name(node.front().node()).view().local);
}

Value namespace_uri(CallContext& call, Arguments arguments) {
    const Value node = node_or_context(call, arguments);
    if (node.empty() || !is_named(node.front())) return Item::of_text("", Type::any_uri);
    return Item::of_text(node.front().tree->name(node.front().node()).view().uri, Type::any_uri);
}

Value nilled(CallContext& call, Arguments arguments) {
    const Value node = node_or_context(call, arguments);
    if (node.empty() || node.front().node_kind() != NodeKind::element) return {};
    return Item::of_bool(false);  // nothing is typed by a schema
}

Value string(CallContext& call, Arguments arguments) {
    const Value value = or_context(call, arguments);
    if (value.empty()) return Item::of_text("");
    return Item::of_text(string_of(value.front(), call.arena));
}

Value data(CallContext& call, Arguments arguments) {
    return atomize(or_context(call, arguments), call.arena, call.steps);
}

// The attribute of this element in the xml namespace, or kNoNode.
NodeIndex xml_attribute(const xml::Tree& tree, NodeIndex element, std::string_view local) {
    const NodeIndex end = tree.first_child(element);
    for (NodeIndex i = element + 1; i < end; ++i) {
        const xml::NameView attribute = tree.name(i).view();
        if (attribute.local == local && attribute.uri == "http://www.w3.org/XML/1998/namespace") return i;
    }
    return xml::kNoNode;
}

// What is no URI stands for itself.
std::string_view against(CallContext& call, std::string_view relative, std::string_view base) {
    if (base.empty()) return relative;
    try {
        return resolve(relative, base, call.arena);
    } catch (const Error& error) {
        if (error.code != Code::FORG0002) throw;
        return relative;
    }
}

// dm:base-uri: xml:base of the node and its ancestors, each against the next outer one, and last
// against the document's, or the query's for a tree without one (a constructed one).
std::string_view base_of(CallContext& call, const xml::Tree& tree, NodeIndex node) {
    std::vector<std::string_view> inner_first;
    for (NodeIndex i = node; i != xml::kNoNode; i = tree.parent(i)) {
        call.steps.take();
        if (tree.kind(i) != NodeKind::element) continue;
        const NodeIndex attribute = xml_attribute(tree, i, "base");
        if (attribute != xml::kNoNode) inner_first.push_back(tree.string_value(attribute));
    }
    std::string_view base = tree.base_uri();
    if (base.empty()) base = call.statics->base_uri;
    for (auto relative = inner_first.rbegin(); relative != inner_first.rend(); ++relative)
        base = against(call, *relative, base);
    return base;
}

Value base_uri(CallContext& call, Arguments arguments) {
    const Value node = node_or_context(call, arguments);
    if (node.empty() || node.front().node_kind() == NodeKind::namespace_node) return {};
    const xml::Tree& tree = *node.front().tree;
    // A node by itself that is neither element nor document has none.
    if (tree.kind(0) != NodeKind::document && tree.kind(0) != NodeKind::element) return {};
    const std::string_view base = base_of(call, tree, node.front().node());
    if (base.empty()) return {};
    return Item::of_text(base, Type::any_uri);
}

Value document_uri(CallContext& call, Arguments arguments) {
    const Value node = node_or_context(call, arguments);
    if (node.empty() || node.front().node_kind() != NodeKind::document) return {};
    if (node.front().tree->base_uri().empty()) return {};
    return Item::of_text(node.front().tree->base_uri(), Type::any_uri);
}

Value root(CallContext& call, Arguments arguments) {
    const Value node = node_or_context(call, arguments);
    if (node.empty()) return {};
    return Item::of_node(*node.front().tree, 0);
}

Value has_children(CallContext& call, Arguments arguments) {
    const Value node = node_or_context(call, arguments);
    if (node.empty()) return Item::of_bool(false);
    const Item& item = node.front();
    const bool parent = item.node_kind() == NodeKind::document || item.node_kind() == NodeKind::element;
    return Item::of_bool(parent && item.tree->first_child(item.node()) < (*item.tree)[item.node()].end);
}

// The language ranges of xml:lang: equal, or a prefix before a hyphen, ignoring case.
bool speaks(std::string_view value, std::string_view wanted) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    if (value.size() < wanted.size()) return false;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (lower(value[i]) != lower(wanted[i])) return false;
    }
    return value.size() == wanted.size() || value[wanted.size()] == '-';
}

Value lang(CallContext& call, Arguments arguments) {
    const Value node = node_or_context(call, arguments.subspan(1));
    if (node.empty()) return Item::of_bool(false);
    const xml::Tree& tree = *node.front().tree;
    for (NodeIndex i = node.front().node(); i != xml::kNoNode; i = tree.parent(i)) {
        call.steps.take();
        if (tree.kind(i) != NodeKind::element) continue;
        const NodeIndex attribute = xml_attribute(tree, i, "lang");
        if (attribute != xml::kNoNode)
            return Item::of_bool(speaks(tree.string_value(attribute), text(arguments[0])));
    }
    return Item::of_bool(false);
}

std::size_t position_among_like(CallContext& call, const xml::Tree& tree, NodeIndex node) {
    const NodeIndex parent = tree.parent(node);
    std::size_t position = 1;
    for (NodeIndex i = tree.first_child(parent); i < node; i = tree[i].end) {
        call.steps.take();
        const bool same = tree.kind(i) == tree.kind(node) &&
                          (!tree.has_name(node) || tree.name(i).view() == tree.name(node).view());
        if (same) ++position;
    }
    return position;
}

std::string step_text(CallContext& call, const xml::Tree& tree, NodeIndex node) {
    const auto named = [&] {
        const xml::NameView view = tree.name(node).view();
        return "Q{" + std::string(view.uri) + "}" + std::string(view.local);
    };
    if (tree.kind(node) == NodeKind::attribute) {
        const xml::NameView view = tree.name(node).view();
        return view.uri.empty() ? "@" + std::string(view.local) : "@" + named();
    }
    const std::string position = "[" + std::to_string(position_among_like(call, tree, node)) + "]";
    switch (tree.kind(node)) {
        case NodeKind::text:
            return "text()" + position;
        case NodeKind::comment:
            return "comment()" + position;
        case NodeKind::processing_instruction:
            return "processing-instruction(" + std::string(tree.name(node).local) + ")" + position;
        default:
            return named() + position;
    }
}

Value path(CallContext& call, Arguments arguments) {
    const Value node = node_or_context(call, arguments);
    if (node.empty()) return {};
    const xml::Tree& tree = *node.front().tree;
    std::vector<std::string> inner_first;
    NodeIndex at = node.front().node();
    for (; tree.parent(at) != xml::kNoNode; at = tree.parent(at)) {
        inner_first.push_back(step_text(call, tree, at));
        call.steps.take(1 + inner_first.back().size() / 64);
    }
    std::string out;
    if (tree.kind(at) != NodeKind::document) out = "Q{http://www.w3.org/2005/xpath-functions}root()";
    for (auto step = inner_first.rbegin(); step != inner_first.rend(); ++step) (out += '/') += *step;
    if (out.empty()) out = "/";
    return made(call, out);
}

Value generate_id(CallContext& call, Arguments arguments) {
    const Value node = node_or_context(call, arguments);
    if (node.empty()) return Item::of_text("");
    const Item& item = node.front();
    return made(call, "d" + std::to_string(item.tree->order()) + "n" + std::to_string(item.node()));
}

// The nodes sorted and without repetitions.
std::span<Item> in_order(CallContext& call, const Value& nodes) {
    const std::span<Item> items = call.arena.take_array<Item>(static_cast<std::size_t>(nodes.size()));
    std::size_t n = 0;
    for (const Item item : nodes) items[n++] = item;
    call.steps.take(2 * n);
    std::sort(items.begin(), items.end(), [](const Item& a, const Item& b) { return precedes(a, b); });
    return items.first(
        static_cast<std::size_t>(std::unique(items.begin(), items.end(),
                                             [](const Item& a, const Item& b) { return same_node(a, b); }) -
                                 items.begin()));
}

bool contains(const Item& outer, const Item& inner) {
    return outer.tree == inner.tree && outer.node() < inner.node() &&
           inner.node() < (*outer.tree)[outer.node()].end;
}

Value innermost(CallContext& call, Arguments arguments) {
    const std::span<Item> items = in_order(call, arguments[0]);
    SequenceBuilder out(call.arena);
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (i + 1 == items.size() || !contains(items[i], items[i + 1])) out.add(items[i]);
    }
    return out.value();
}

Value outermost(CallContext& call, Arguments arguments) {
    const std::span<Item> items = in_order(call, arguments[0]);
    SequenceBuilder out(call.arena);
    for (const Item& item : items) {
        if (out.empty() || !contains(out[out.size() - 1], item)) out.add(item);
    }
    return out.value();
}

const FunctionRow kRows[] = {
    {"fn:node-name([$node as node()?]) as xs:QName?", node_name, kContextItemIfOmitted},
    {"fn:name([$node as node()?]) as xs:string", name, kContextItemIfOmitted, Intrinsic::name},
    {"fn:local-name([$node as node()?]) as xs:string", local_name, kContextItemIfOmitted,
     Intrinsic::local_name},
    {"fn:namespace-uri([$node as node()?]) as xs:anyURI", namespace_uri, kContextItemIfOmitted,
     Intrinsic::namespace_uri},
    {"fn:nilled([$node as node()?]) as xs:boolean?", nilled, kContextItemIfOmitted},
    {"fn:string([$item as item()?]) as xs:string", string, kContextItemIfOmitted, Intrinsic::string},
    {"fn:data([$input as item()*]) as xs:anyAtomicType*", data, kContextItemIfOmitted, Intrinsic::data},
    {"fn:base-uri([$node as node()?]) as xs:anyURI?", base_uri, kContextItemIfOmitted},
    {"fn:document-uri([$node as node()?]) as xs:anyURI?", document_uri, kContextItemIfOmitted},
    {"fn:root([$node as node()?]) as node()?", root, kContextItemIfOmitted, Intrinsic::root},
    {"fn:has-children([$node as node()?]) as xs:boolean", has_children, kContextItemIfOmitted},
    {"fn:lang($language as xs:string? [, $node as node()]) as xs:boolean", lang, kContextItemIfOmitted},
    {"fn:path([$node as node()?]) as xs:string?", path, kContextItemIfOmitted},
    {"fn:generate-id([$node as node()?]) as xs:string", generate_id, kContextItemIfOmitted},
    {"fn:innermost($nodes as node()*) as node()*", innermost},
    {"fn:outermost($nodes as node()*) as node()*", outermost},
};

}  // namespace

std::span<const FunctionRow> node_functions() {
    return kRows;
}

}  // namespace clacks::xquery
