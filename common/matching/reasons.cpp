#include "common/matching/reasons.hpp"

#include <algorithm>
#include <utility>

#include "common/base/text.hpp"
#include "common/matching/schema_paths.hpp"
#include "common/xquery/analysis/conditions.hpp"

namespace clacks::matching {

namespace {

using analysis::Path;
using analysis::Place;
using analysis::Step;
using analysis::Test;
using events::ElementInfo;
using Kind = SchemaNode::Kind;

constexpr std::size_t kMostNames = 20;

Diagnostic problem(Place place, std::string message, std::string hint) {
    Diagnostic diagnostic;
    diagnostic.code = "filter-never";
    diagnostic.message = std::move(message);
    diagnostic.hint = std::move(hint);
    diagnostic.source = "filter";
    diagnostic.line = static_cast<std::uint32_t>(place.line);
    diagnostic.column = static_cast<std::uint32_t>(place.column);
    return diagnostic;
}

std::string name_of(const SchemaNode& node) {
    if (node.kind == Kind::document) return "the document";
    return node.kind == Kind::event ? "Event" : node.info->name;
}

std::string listed(const std::vector<std::string>& names) {
    std::string text;
    for (std::size_t i = 0; i < names.size() && i < kMostNames; ++i) text += (i > 0 ? ", " : "") + names[i];
    return names.size() > kMostNames ? text + " …" : text;
}

// "PhoneStatus.xsd:7", where an element of this name is declared, or only the file's name.
std::string place_in(const events::EventType& type, const std::string& name) {
    std::string file = type.file.filename().string();
    for (const char quote : {'"', '\''}) {
        const std::string wanted = std::string("name=") + quote + name + quote;
        for (std::size_t at = type.schema.find(wanted); at != std::string::npos;
             at = type.schema.find(wanted, at + 1)) {
            const std::size_t tag = type.schema.rfind('<', at);
            if (tag == std::string::npos) continue;
            const std::string_view begin = std::string_view(type.schema).substr(tag, at - tag);
            if (begin.find("element") == std::string_view::npos) continue;
            return file + ":" + std::to_string(position_of(type.schema, at).line);
        }
    }
    return file;
}

std::vector<SchemaNode> found_by(const Path& path, const events::Catalogue& catalogue) {
    std::vector<SchemaNode> nodes;
    for (const events::EventType& type : catalogue.types()) {
        const Reached reached = follow(path, type);
        nodes.insert(nodes.end(), reached.nodes.begin(), reached.nodes.end());
    }
    return nodes;
}

// All elements that the step could go to by its axis.
std::vector<SchemaNode> offered(Path path, Step step, const events::Catalogue& catalogue) {
    step.uri.reset();
    step.local.reset();
    path.push_back(std::move(step));
    return found_by(path, catalogue);
}

std::vector<std::string> names_of(const std::vector<SchemaNode>& nodes) {
    std::vector<std::string> names;
    for (const SchemaNode& node : nodes) {
        std::string name = name_of(node);
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
    }
    return names;
}

// "did you mean 'Status' (PhoneStatus.xsd:7)?"
std::string meant(const std::string& name, const std::vector<SchemaNode>& nodes) {
    const std::string near = nearest(name, names_of(nodes));
    for (const SchemaNode& node : nodes) {
        if (near.empty() || node.kind != Kind::element || node.info->name != near) continue;
        return "did you mean '" + near + "' (" + place_in(*node.type, near) + ")?";
    }
    return near.empty() ? "" : "did you mean '" + near + "'?";
}

Diagnostic wrong_namespace(const Step& step, const SchemaNode& node) {
    const std::string name = name_of(node);
    if (node.kind == Kind::element && !node.info->qualified)
        return problem(step.place, "'" + name + "' is in no namespace in an event",
                       "write it without a prefix, as Q{}" + name);
    const std::string here = step.uri->empty() ? "in no namespace" : "in the namespace '" + *step.uri + "'";
    return problem(
        step.place,
        "'" + name + "' is " + here + " here, and events are in '" + std::string(events::kNamespace) + "'",
        "write e:" + name);
}

Diagnostic no_event(const Step& step, const std::string& name, const std::vector<SchemaNode>& siblings) {
    std::string hint = meant(name, siblings);
    if (hint.empty()) hint = "'clacks events' lists them";
    return problem(step.place, "there is no event '" + name + "'", std::move(hint));
}

// Why the last step of the path finds nothing, though those before it do.
Diagnostic no_node(const Path& before, const Step& step, const events::Catalogue& catalogue) {
    const std::vector<SchemaNode> parents = found_by(before, catalogue);
    const std::vector<SchemaNode> siblings = offered(before, step, catalogue);
    const std::string name = step.local.value_or("*");
    for (const SchemaNode& node : siblings) {
        if (step.uri && name_of(node) == name) return wrong_namespace(step, node);
    }
    const SchemaNode& parent = parents.front();
    if (step.axis == Step::Axis::descendant && parent.kind != Kind::element)
        return problem(step.place, "no event has an element '" + name + "'", meant(name, siblings));
    if (parent.kind == Kind::document) {
        const std::string hint =
            catalogue.find(name) == nullptr ? "begin with e:Event" : "write e:Event/e:" + name;
        return problem(step.place, "the document's element is Event, and not '" + name + "'", hint);
    }
    if (parent.kind == Kind::event) return no_event(step, name, siblings);
    const std::string who = listed(names_of(parents));
    if (siblings.empty())
        return problem(step.place, "there is no element '" + name + "' in " + who + ", which has none inside",
                       "see " + place_in(*parent.type, parent.info->name));
    return problem(
        step.place,
        "there is no element '" + name + "' in " + who + ", which has " + listed(names_of(siblings)),
        meant(name, siblings));
}

Diagnostic no_value(const Test& test, const SchemaNode& node) {
    const ElementInfo& info = *node.info;
    Test shown = test;
    shown.path = {};
    const std::string comparison = analysis::to_string([&] {
        analysis::Condition condition;
        condition.kind = analysis::Condition::Kind::test;
        condition.test = shown;
        return condition;
    }());
    const auto* text = std::get_if<std::string>(&literal_of(test));
    const std::string never = "; it can never be " + comparison.substr(comparison.find_first_not_of("/ "));
    const std::string see = "see " + place_in(*node.type, info.name);
    if (!info.enumeration.empty()) {
        const std::string near = text == nullptr ? "" : nearest(*text, info.enumeration);
        return problem(test.place, "'" + info.name + "' is one of " + listed(info.enumeration) + never,
                       near.empty() ? see : "did you mean '" + near + "'? " + see);
    }
    const bool boolean = info.value == ElementInfo::Value::boolean;
    return problem(test.place,
                   "'" + info.name + "' is " + (boolean ? "a boolean, true or false" : "a number") + never,
                   see);
}

}  // namespace

Diagnostic reason_for(const Test& test, const events::Catalogue& catalogue) {
    Path before;
    for (const Step& step : test.path) {
        Path next = before;
        next.push_back(step);
        if (found_by(next, catalogue).empty()) return no_node(before, step, catalogue);
        before = std::move(next);
    }
    return no_value(test, found_by(before, catalogue).front());
}

Diagnostic contradiction(bool without_tests) {
    if (without_tests)
        return problem(
            {}, "the filter is never true, whatever the event",
            "eq, lt and the like take the value of an element for text: compare numbers with = or <");
    return problem({}, "no event can have all that the filter asks for",
                   "an Event holds exactly one event: join those of different ones with 'or'");
}

}  // namespace clacks::matching
