#include "common/xquery/plan/construction.hpp"

#include <algorithm>
#include <new>
#include <string>

#include "common/xml/characters.hpp"
#include "common/xquery/values/array.hpp"
#include "common/xquery/values/atomize.hpp"
#include "common/xquery/values/describe.hpp"
#include "common/xquery/values/error.hpp"

namespace clacks::xquery::plan {

namespace {

using xml::NodeIndex;
using xml::NodeKind;

// " a  b " as "a b".
std::string_view collapsed(std::string_view text, Arena& arena) {
    std::string out;
    for (const char c : xml::trim(text)) {
        if (!xml::is_space(c)) {
            out += c;
        } else if (out.back() != ' ') {
            out += ' ';
        }
    }
    return arena.copy(out);
}

std::string shown(const QName& name) {
    return name.prefix.empty() ? std::string(name.local)
                               : std::string(name.prefix) + ":" + std::string(name.local);
}

}  // namespace

Construction::Construction(CallContext& call, CopyModes modes)
    : call_(call),
      modes_(modes),
      builder_(&call.arena),
      open_(&call.arena),
      scope_(&call.arena),
      own_(&call.arena),
      attributes_(&call.arena) {}

void Construction::start_document() {
    call_.steps.take();
    after_atomic_ = false;
    if (open_.empty()) builder_.start_document();
    open_.push_back({scope_.size(), true});
}

void Construction::end_document() {
    after_atomic_ = false;
    open_.pop_back();
    if (open_.empty()) builder_.end_document();
}

void Construction::start_element(const QName& name, std::span<const Binding> own, bool nested) {
    before_content();
    // Within another element this is its copy at once: what no-preserve drops is not kept at all. What is
    // written within it is copied with it.
    const bool keeps = open_.empty() || (nested ? open_.back().keeps : modes_.preserve);
    begin_tag(name, open_.empty() || (modes_.inherit && !nested), keeps);
    for (const Binding& binding : own) own_.push_back({binding.prefix, binding.uri, false, false});
}

void Construction::begin_tag(const QName& name, bool inherits, bool keeps) {
    call_.steps.take();
    open_.push_back({scope_.size(), false, keeps});
    held_ = true;
    inherits_ = inherits;
    keeps_ = keeps;
    name_ = name;
    own_.clear();
    attributes_.clear();
}

void Construction::end_element() {
    after_atomic_ = false;
    close_tag();
    builder_.end_element();
    scope_.resize(open_.back().bindings);
    open_.pop_back();
}

void Construction::before_content() {
    after_atomic_ = false;
    close_tag();
}

Construction::OwnBinding* Construction::own(std::string_view prefix) {
    for (OwnBinding& binding : own_) {
        if (binding.prefix == prefix) return &binding;
    }
    return nullptr;
}

std::string_view Construction::inherited(std::string_view prefix) const {
    for (auto binding = scope_.rbegin(); binding != scope_.rend(); ++binding) {
        if (binding->prefix == prefix) return binding->uri;
    }
    return {};
}

void Construction::declare(std::string_view prefix, std::string_view uri) {
    if (inherited(prefix) == uri) return;
    builder_.namespace_binding(prefix, uri);
    scope_.push_back({prefix, uri});
}

std::string_view Construction::fresh_prefix() {
    for (std::size_t i = 0;; ++i) {
        const std::string prefix = "ns" + std::to_string(i);
        if (own(prefix) == nullptr && inherited(prefix).empty()) return call_.arena.copy(prefix);
        call_.steps.take();
    }
}

// The prefix that a name gets: its own where nothing else claims it.
std::string_view Construction::settle(std::string_view prefix, std::string_view uri, bool attribute) {
    OwnBinding* claimed = own(prefix);
    if (claimed == nullptr && !(attribute && prefix.empty())) {
        own_.push_back({prefix, uri, true, false});
        return prefix;
    }
    if (claimed != nullptr && claimed->uri == uri && !(attribute && prefix.empty())) {
        claimed->used = true;
        return prefix;
    }
    for (OwnBinding& other : own_) {
        if (other.uri == uri && !other.prefix.empty()) {
            other.used = true;
            return other.prefix;
        }
    }
    const std::string_view made = fresh_prefix();
    own_.push_back({made, uri, true, false});
    return made;
}

void Construction::settle_element() {
    if (name_.uri == kXmlNamespace) return;
    if (!name_.uri.empty()) {
        name_.prefix = settle(name_.prefix, name_.uri, false);
        return;
    }
    name_.prefix = {};
    OwnBinding* standard = own("");
    if (standard != nullptr && !standard->uri.empty() && standard->from_node)
        fail(Code::XQDY0102,
             "the element '" + std::string(name_.local) + "' is in no namespace and is given a default one");
    if (standard != nullptr) {
        standard->uri = {};
        standard->used = true;
    } else {
        own_.push_back({{}, {}, true, false});
    }
}

void Construction::settle_attributes() {
    for (Attribute& attribute : attributes_) {
        if (attribute.name.uri == kXmlNamespace) continue;
        if (attribute.name.uri.empty()) {
            attribute.name.prefix = {};
        } else {
            attribute.name.prefix = settle(attribute.name.prefix, attribute.name.uri, true);
        }
    }
}

// no-inherit: what the parent binds and the element does not is undeclared.
void Construction::hide_inherited() {
    const std::size_t n = scope_.size();
    for (std::size_t i = 0; i < n; ++i) {
        const std::string_view prefix = scope_[i].prefix;
        if (own(prefix) == nullptr) declare(prefix, {});
    }
}

void Construction::close_tag() {
    if (!held_) return;
    held_ = false;
    call_.steps.take(1 + (scope_.size() * (own_.size() + 1) + attributes_.size() * own_.size()) / 16);
    settle_element();
    settle_attributes();
    builder_.start_element(name_);
    if (!keeps_) std::erase_if(own_, [](const OwnBinding& binding) { return !binding.used; });
    if (!inherits_) hide_inherited();
    for (const OwnBinding& binding : own_) declare(binding.prefix, binding.uri);
    for (const Attribute& attribute : attributes_) builder_.attribute(attribute.name, attribute.value);
}

void Construction::attribute(const QName& name, std::string_view value) {
    after_atomic_ = false;
    call_.steps.take(1 + value.size() / 64 + attributes_.size() / 16);
    if (name.uri == kXmlNamespace && name.local == "id") value = collapsed(value, call_.arena);
    if (open_.empty()) {
        const bool lacks_prefix = !name.uri.empty() && name.prefix.empty();
        return builder_.attribute({name.uri, name.local, lacks_prefix ? "ns0" : name.prefix}, value);
    }
    if (open_.back().document)
        fail(Code::XPTY0004, "a document cannot hold the attribute '" + shown(name) + "'");
    if (!held_)
        fail(Code::XQTY0024, "the attribute '" + shown(name) + "' follows other content",
             "put attributes first");
    for (const Attribute& other : attributes_) {
        if (other.name == name)
            fail(Code::XQDY0025,
                 "the element '" + shown(name_) + "' gets the attribute '" + shown(name) + "' twice");
    }
    attributes_.push_back({name, value});
}

void Construction::namespace_node(std::string_view prefix, std::string_view uri) {
    after_atomic_ = false;
    call_.steps.take();
    if (open_.empty()) return builder_.namespace_node(prefix, uri);
    if (open_.back().document) fail(Code::XPTY0004, "a document cannot hold a namespace node");
    if (!held_) fail(Code::XQTY0024, "a namespace node follows other content", "put namespace nodes first");
    if (prefix == "xml") return;
    OwnBinding* known = own(prefix);
    if (known == nullptr) {
        own_.push_back({prefix, uri, false, true});
    } else if (known->uri != uri) {
        fail(Code::XQDY0102, "the element '" + shown(name_) + "' gets the prefix '" + std::string(prefix) +
                                 "' for two namespaces");
    }
}

void Construction::text(std::string_view value) {
    after_atomic_ = false;
    if (value.empty() && !open_.empty()) return;
    call_.steps.take(1 + value.size() / 64);
    close_tag();
    builder_.text(value);
}

void Construction::comment(std::string_view value) {
    call_.steps.take(1 + value.size() / 64);
    before_content();
    builder_.comment(value);
}

void Construction::processing_instruction(std::string_view target, std::string_view value) {
    call_.steps.take(1 + value.size() / 64);
    before_content();
    builder_.processing_instruction(target, value);
}

void Construction::add(const Item& item) {
    if (item.is_node()) return add_node(item);
    if (item.type == Type::array) return add_array(item.array());
    if (!is_atomic(item.type))
        fail(Code::XQTY0105, describe(item) + " cannot be the content of a node",
             "call it, or look up the value that is meant");
    add_atomic(item);
}

void Construction::add_array(const ArrayItem& array) {
    SequenceBuilder items(call_.arena);
    flatten(array, items, call_.arena, call_.steps);
    for (const Item& item : items.items()) add(item);
}

void Construction::add_atomic(const Item& item) {
    const bool joins = after_atomic_;
    const std::string_view value = string_of(item, call_.arena);
    if (joins) text(" ");
    text(value);
    after_atomic_ = true;
}

void Construction::add_node(const Item& node) {
    const xml::Tree& tree = *node.tree;
    const NodeIndex at = node.node();
    switch (node.node_kind()) {
        case NodeKind::document:
            after_atomic_ = false;
            for (NodeIndex child = at + 1; child < tree[at].end; child = tree[child].end) copy(tree, child);
            return;
        case NodeKind::attribute:
            return attribute(tree.name(at).view(), tree.string_value(at));
        case NodeKind::namespace_node:
            return namespace_node(tree.name(at).local, tree.string_value(at));
        default:
            return copy(tree, at);
    }
}

// The namespaces that a copied element brings along: all in scope at the top, own declarations below.
void Construction::own_of(const xml::Tree& tree, NodeIndex element, bool top) {
    if (!modes_.preserve || tree.namespaces().empty()) return;
    if (top) {
        in_scope_namespaces(tree, element, call_.arena, [&](std::string_view prefix, std::string_view uri) {
            call_.steps.take();
            own_.push_back({prefix, uri, false, false});
        });
        return;
    }
    for (const xml::NamespaceBinding& binding : tree.namespaces_of(element))
        own_.push_back({binding.prefix, binding.uri, false, false});
}

void Construction::copy(const xml::Tree& tree, NodeIndex top) {
    const NodeIndex end = tree[top].end;
    const std::size_t depth = open_.size();
    std::pmr::vector<NodeIndex> inside(&call_.arena);
    for (NodeIndex at = top; at < end;) {
        while (!inside.empty() && tree[inside.back()].end <= at) {
            end_element();
            inside.pop_back();
        }
        switch (tree.kind(at)) {
            case NodeKind::element: {
                before_content();
                begin_tag(tree.name(at).view(), at != top || modes_.inherit, true);
                own_of(tree, at, at == top);
                const NodeIndex content = tree.first_child(at);
                for (NodeIndex i = at + 1; i < content; ++i) {
                    call_.steps.take(1 + tree[i].length / 64);
                    attributes_.push_back({tree.name(i).view(), tree.string_value(i)});
                }
                inside.push_back(at);
                at = content;
                continue;
            }
            case NodeKind::text:
                text(tree.string_value(at));
                break;
            case NodeKind::comment:
                comment(tree.string_value(at));
                break;
            case NodeKind::processing_instruction:
                processing_instruction(tree.name(at).local, tree.string_value(at));
                break;
            default:
                break;
        }
        at = tree[at].end;
    }
    while (open_.size() > depth) end_element();
}

Item Construction::finish() {
    xml::Tree* tree =
        new (call_.arena.take(sizeof(xml::Tree), alignof(xml::Tree))) xml::Tree(builder_.finish());
    return Item::of_node(*tree, 0);
}

}  // namespace clacks::xquery::plan
