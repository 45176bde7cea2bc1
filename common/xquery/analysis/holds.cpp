#include "common/xquery/analysis/holds.hpp"

#include <algorithm>
#include <optional>

#include "common/xml/characters.hpp"
#include "common/xquery/values/number.hpp"

namespace clacks::xquery::analysis {

namespace {

// As xs:untypedAtomic is cast to the type of the literal (XQuery 3.1, 3.7.2).
std::optional<Literal> value_like(const Literal& literal, std::string_view text) {
    if (std::holds_alternative<std::string>(literal)) return std::string(text);
    text = xml::trim(text);
    if (std::holds_alternative<double>(literal)) {
        const auto number = parse_double(text);
        return number ? std::optional<Literal>(*number) : std::nullopt;
    }
    if (text == "true" || text == "1") return true;
    if (text == "false" || text == "0") return false;
    return std::nullopt;
}

bool is_above(const std::optional<Bound>& low, const Literal& value) {
    return !low || low->value < value || (low->included && low->value == value);
}

bool is_below(const std::optional<Bound>& high, const Literal& value) {
    return !high || value < high->value || (high->included && value == high->value);
}

bool is_within(const Test& test, std::string_view text) {
    if (!test.low && !test.high) return true;
    const auto value = value_like(test.low ? test.low->value : test.high->value, text);
    return value && is_above(test.low, *value) && is_below(test.high, *value);
}

bool is_named(const Step& step, const xml::Name& name) {
    return (!step.local || std::string_view(*step.local) == name.local) &&
           (!step.uri || std::string_view(*step.uri) == name.uri);
}

void children(const Step& step, const xml::Tree& tree, xml::NodeIndex of, std::vector<xml::NodeIndex>& to) {
    for (xml::NodeIndex i = tree.first_child(of); i < tree[of].end; i = tree[i].end) {
        if (tree.kind(i) == xml::NodeKind::element && is_named(step, tree.name(i))) to.push_back(i);
    }
}

void descendants(const Step& step, const xml::Tree& tree, xml::NodeIndex from, xml::NodeIndex end,
                 std::vector<xml::NodeIndex>& to) {
    for (xml::NodeIndex i = from; i < end; ++i) {
        if (tree.kind(i) == xml::NodeKind::element && is_named(step, tree.name(i))) to.push_back(i);
    }
}

void attributes(const Step& step, const xml::Tree& tree, xml::NodeIndex of, std::vector<xml::NodeIndex>& to) {
    if (tree.kind(of) != xml::NodeKind::element) return;
    for (xml::NodeIndex i = of + 1; i < tree.first_child(of); ++i) {
        if (is_named(step, tree.name(i))) to.push_back(i);
    }
}

}  // namespace

std::vector<xml::NodeIndex> nodes_on(const Path& path, const xml::Tree& tree) {
    std::vector<xml::NodeIndex> from{0};
    for (const Step& step : path) {
        std::vector<xml::NodeIndex> to;
        xml::NodeIndex seen = 0;  // descendants up to here are there already
        for (const xml::NodeIndex node : from) {
            if (step.axis == Step::Axis::child) {
                children(step, tree, node, to);
            } else if (step.axis == Step::Axis::attribute) {
                attributes(step, tree, node, to);
            } else if (tree[node].end > seen) {
                descendants(step, tree, node + 1, tree[node].end, to);
                seen = tree[node].end;
            }
        }
        // Children of nodes that lie in one another are not found in their order.
        std::sort(to.begin(), to.end());
        from = std::move(to);
        if (from.empty()) break;
    }
    return from;
}

bool passes(const Test& test, std::string_view text) {
    switch (test.kind) {
        case Test::Kind::exists:
            return true;
        case Test::Kind::equal:
            return value_like(test.literal, text) == test.literal;
        case Test::Kind::not_equal: {
            const auto value = value_like(test.literal, text);
            return value && *value != test.literal;
        }
        case Test::Kind::within:
            return is_within(test, text);
        case Test::Kind::starts_with:
            return text.starts_with(std::get<std::string>(test.literal));
    }
    return false;
}

bool holds(const Condition& condition, const xml::Tree& tree) {
    const auto held = [&](const Condition& part) { return holds(part, tree); };
    switch (condition.kind) {
        case Condition::Kind::always:
            return true;
        case Condition::Kind::never:
            return false;
        case Condition::Kind::all_of:
            return std::all_of(condition.parts.begin(), condition.parts.end(), held);
        case Condition::Kind::any_of:
            return std::any_of(condition.parts.begin(), condition.parts.end(), held);
        case Condition::Kind::none_of:
            return !held(condition.parts.front());
        case Condition::Kind::test: {
            const auto nodes = nodes_on(condition.test.path, tree);
            return std::any_of(nodes.begin(), nodes.end(), [&](xml::NodeIndex node) {
                return passes(condition.test, tree.string_value(node));
            });
        }
    }
    return false;
}

}  // namespace clacks::xquery::analysis
