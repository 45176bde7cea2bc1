#include "common/matching/schema_paths.hpp"

#include <algorithm>
#include <utility>

#include "common/base/text.hpp"
#include "common/xquery/analysis/holds.hpp"

namespace clacks::matching {

namespace {

using analysis::Step;
using analysis::Test;
using events::ElementInfo;
using Kind = SchemaNode::Kind;

constexpr std::string_view kBooleans[] = {"true", "false", "1", "0"};

bool is_named(const Step& step, std::string_view local, bool qualified) {
    const std::string_view uri = qualified ? events::kNamespace : std::string_view();
    return (!step.local || *step.local == local) && (!step.uri || *step.uri == uri);
}

bool is_named(const Step& step, const SchemaNode& node) {
    if (node.kind == Kind::event) return is_named(step, "Event", true);
    return is_named(step, node.info->name, node.info->qualified);
}

// A node's children, each with how often it is there.
struct Child {
    SchemaNode node;
    bool once;  // at most
    bool sure;  // at least once
};

std::vector<Child> children_of(const SchemaNode& node, bool& unknown) {
    if (node.kind == Kind::document) return {{{Kind::event, node.type, nullptr}, true, true}};
    if (node.kind == Kind::event) {
        unknown = unknown || node.type->content.replaceable;
        return {{{Kind::element, node.type, &node.type->content}, true, !node.type->content.replaceable}};
    }
    unknown = unknown || node.info->open;
    std::vector<Child> children;
    for (const ElementInfo& info : node.info->children) {
        unknown = unknown || info.replaceable;
        children.push_back({{Kind::element, node.type, &info},
                            info.max_occurs == 1,
                            info.min_occurs > 0 && !info.replaceable});
    }
    return children;
}

// Below a node, whose own number is told by `once`.
void add_descendants(const Step& step, const SchemaNode& node, bool once, Reached& to) {
    for (const Child& child : children_of(node, to.unknown)) {
        const bool one = once && child.once;
        if (is_named(step, child.node)) {
            to.single = to.single && one && to.nodes.empty();
            to.nodes.push_back(child.node);
        }
        add_descendants(step, child.node, one, to);
    }
}

void add_children(const Step& step, const SchemaNode& node, Reached& to) {
    for (const Child& child : children_of(node, to.unknown)) {
        if (!is_named(step, child.node)) continue;
        to.single = to.single && child.once && to.nodes.empty();
        to.sure = to.sure && child.sure;
        to.nodes.push_back(child.node);
    }
}

bool is_one_of(std::string_view text, const std::vector<std::string>& values) {
    return std::any_of(values.begin(), values.end(),
                       [&](const std::string& value) { return collapsed(value) == text; });
}

template <class Texts>
bool any_passes(const Test& test, const Texts& texts) {
    return std::any_of(std::begin(texts), std::end(texts),
                       [&](std::string_view text) { return analysis::passes(test, text); });
}

// Whether the text of such an element can pass the test. White space around it is the sender's choice.
bool may_pass(const Test& test, const ElementInfo& info) {
    using Value = ElementInfo::Value;
    const auto* text = std::get_if<std::string>(&literal_of(test));
    if (text != nullptr && test.kind != Test::Kind::equal) return true;
    const bool listed = info.value == Value::text && !info.enumeration.empty();
    if (text != nullptr) {
        const std::string token = collapsed(*text);
        if (listed) return is_one_of(token, info.enumeration);
        if (info.value == Value::number) return is_number(token);
        return info.value != Value::boolean ||
               std::count(std::begin(kBooleans), std::end(kBooleans), token) > 0;
    }
    if (listed) return any_passes(test, info.enumeration);
    return info.value != Value::boolean || any_passes(test, kBooleans);
}

}  // namespace

Reached follow(const analysis::Path& path, const events::EventType& type) {
    Reached reached;
    reached.nodes.push_back({Kind::document, &type, nullptr});
    for (const Step& step : path) {
        Reached next;
        next.unknown = reached.unknown;
        next.single = reached.single;
        next.sure = reached.sure && step.axis == Step::Axis::child;
        for (const SchemaNode& node : reached.nodes) {
            if (step.axis == Step::Axis::child) add_children(step, node, next);
            if (step.axis == Step::Axis::descendant) add_descendants(step, node, reached.single, next);
            if (step.axis == Step::Axis::attribute) next.unknown = true;
        }
        if (step.axis == Step::Axis::attribute) next.single = next.single && step.uri && step.local;
        next.sure = next.sure && !next.nodes.empty();
        reached = std::move(next);
        if (reached.nodes.empty()) break;
    }
    return reached;
}

Verdict verdict(const Test& test, const Reached& reached) {
    if (reached.nodes.empty()) return reached.unknown ? Verdict::maybe : Verdict::no_node;
    if (test.kind == Test::Kind::exists) return reached.sure ? Verdict::always : Verdict::maybe;
    const bool may = reached.unknown ||
                     std::any_of(reached.nodes.begin(), reached.nodes.end(), [&](const SchemaNode& node) {
                         return node.kind != Kind::element || may_pass(test, *node.info);
                     });
    return may ? Verdict::maybe : Verdict::no_value;
}

bool is_settled(const Test& test, const Reached& reached) {
    if (!reached.single) return false;
    const analysis::Literal& literal = literal_of(test);
    if (test.kind == Test::Kind::exists || std::holds_alternative<std::string>(literal))
        return !reached.unknown || (test.path.back().axis == Step::Axis::attribute && reached.nodes.empty());
    using Value = ElementInfo::Value;
    const Value wanted = std::holds_alternative<bool>(literal) ? Value::boolean : Value::number;
    return !reached.unknown &&
           std::all_of(reached.nodes.begin(), reached.nodes.end(), [&](const SchemaNode& node) {
               return node.kind == Kind::element && node.info->value == wanted;
           });
}

const analysis::Literal& literal_of(const Test& test) {
    if (test.kind != Test::Kind::within) return test.literal;
    return test.low ? test.low->value : test.high->value;
}

bool is_number(std::string_view text) {
    Test any;
    any.kind = Test::Kind::equal;
    any.literal = 0.0;
    Test other = any;
    other.kind = Test::Kind::not_equal;
    return analysis::passes(any, text) || analysis::passes(other, text);
}

}  // namespace clacks::matching
