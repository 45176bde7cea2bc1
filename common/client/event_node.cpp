#include "common/client/event_node.hpp"

#include <map>
#include <pugixml.hpp>

#include "common/base/text.hpp"
#include "common/client/event_values.hpp"

namespace clacks {

namespace {

// White space between elements is of no interest, but an element may hold nothing else.
constexpr unsigned kParsing = pugi::parse_default | pugi::parse_ws_pcdata;

std::string_view local(std::string_view name) {
    const std::size_t colon = name.find(':');
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

pugi::xml_node next_element(pugi::xml_node node) {
    while (node && node.type() != pugi::node_element) node = node.next_sibling();
    return node;
}

pugi::xml_node next_element(pugi::xml_node node, std::string_view name) {
    for (node = next_element(node); node && local(node.name()) != name;)
        node = next_element(node.next_sibling());
    return node;
}

std::vector<std::string> names_in(pugi::xml_node element) {
    std::vector<std::string> names;
    for (auto child = next_element(element.first_child()); child; child = next_element(child.next_sibling()))
        names.emplace_back(local(child.name()));
    return names;
}

std::string near_miss(std::string_view wanted, const std::vector<std::string>& names) {
    const std::string near = nearest(wanted, names);
    return near.empty() ? "" : "did you mean '" + near + "'?";
}

Diagnostic problem_at(std::string path, std::string code, std::string message, std::string hint = {}) {
    Diagnostic found;
    found.code = std::move(code);
    found.message = std::move(message);
    found.hint = std::move(hint);
    found.source = "event";
    found.path = std::move(path);
    return found;
}

Diagnostic unreadable(std::string_view document, const pugi::xml_parse_result& result) {
    Diagnostic found =
        problem_at("", "event-unreadable", std::string("the document is no XML: ") + result.description());
    const Position at = position_of(document, static_cast<std::size_t>(result.offset));
    found.line = static_cast<std::uint32_t>(at.line);
    found.column = static_cast<std::uint32_t>(at.column);
    return found;
}

}  // namespace

EventError::EventError(Diagnostic why)
    : std::runtime_error(to_string(why)), why_(std::make_shared<const Diagnostic>(std::move(why))) {}
EventError::~EventError() = default;

struct EventNode::Place {
    std::shared_ptr<const pugi::xml_document> document;
    pugi::xml_node element;         // this one, or the attribute's
    pugi::xml_attribute attribute;  // where it is one
    std::string path;
    std::optional<Diagnostic> missing;  // why there is neither

    // What further steps look into: an attribute holds nothing.
    pugi::xml_node content() const { return attribute ? pugi::xml_node() : element; }
    std::shared_ptr<const Place> inside(pugi::xml_node child, const std::string& step) const {
        return std::make_shared<const Place>(Place{document, child, {}, path + "/" + step, {}});
    }
    // Of what is not there, nothing inside is; the first reason is the one to tell.
    std::shared_ptr<const Place> nothing(const std::string& step, const Diagnostic& why) const {
        return std::make_shared<const Place>(
            Place{document, {}, {}, path + "/" + step, missing ? *missing : why});
    }
};

EventNode::EventNode(std::string_view document) {
    auto tree = std::make_shared<pugi::xml_document>();
    const auto result = tree->load_buffer(document.data(), document.size(), kParsing);
    Place place{tree, tree->document_element(), {}, "/Event", {}};
    const std::string_view root = local(place.element.name());
    if (!result) {
        place.missing = unreadable(document, result);
    } else if (root != "Event") {
        place.missing = problem_at("/" + std::string(root), "event-missing", "the document is no event");
        place.missing->expected = "the element Event";
    }
    if (place.missing) place.element = {};
    place_ = std::make_shared<const Place>(std::move(place));
}

EventNode EventNode::operator[](std::string_view name) const {
    const auto found = next_element(place_->content().first_child(), name);
    std::string step(name);
    if (!found)
        return EventNode(place_->nothing(
            step, problem_at(place_->path, "event-missing", "there is no element '" + step + "' in it",
                             near_miss(name, names_in(place_->content())))));
    if (next_element(found.next_sibling(), name)) step += "[1]";
    return EventNode(place_->inside(found, step));
}

std::vector<EventNode> EventNode::all(std::string_view name) const {
    std::vector<EventNode> found;
    for (const EventNode& child : children())
        if (local(child.place_->element.name()) == name) found.push_back(child);
    return found;
}

std::vector<EventNode> EventNode::children() const {
    std::map<std::string, int, std::less<>> total, before;
    for (const std::string& name : names_in(place_->content())) ++total[name];
    std::vector<EventNode> found;
    for (auto child = next_element(place_->content().first_child()); child;
         child = next_element(child.next_sibling())) {
        const std::string name(local(child.name()));
        const int number = ++before[name];
        found.push_back(EventNode(
            place_->inside(child, total[name] == 1 ? name : name + "[" + std::to_string(number) + "]")));
    }
    return found;
}

EventNode EventNode::attribute(std::string_view name) const {
    const std::string step = "@" + std::string(name);
    std::vector<std::string> names;
    for (const pugi::xml_attribute& each : place_->content().attributes()) {
        if (std::string_view(each.name()).starts_with("xmlns")) continue;
        if (local(each.name()) == name)
            return EventNode(std::make_shared<const Place>(
                Place{place_->document, place_->element, each, place_->path + "/" + step, {}}));
        names.emplace_back(local(each.name()));
    }
    return EventNode(place_->nothing(
        step, problem_at(place_->path, "event-missing", "it has no attribute '" + std::string(name) + "'",
                         near_miss(name, names))));
}

bool EventNode::exists() const {
    return !place_->missing;
}

std::optional<Diagnostic> EventNode::missing() const {
    return place_->missing;
}

std::string EventNode::name() const {
    return std::string(local(place_->attribute ? place_->attribute.name() : place_->element.name()));
}

const std::string& EventNode::path() const {
    return place_->path;
}

Result<std::string> EventNode::text() const {
    if (place_->missing) return *place_->missing;
    if (place_->attribute) return std::string(place_->attribute.value());
    std::string text;
    for (const pugi::xml_node& child : place_->element.children()) {
        if (child.type() == pugi::node_element)
            return problem_at(place_->path, "event-value", "the element holds other elements and is no value",
                              "take one of them, as '" + std::string(local(child.name())) + "'");
        if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) text += child.value();
    }
    return text;
}

Diagnostic EventNode::unfit(const std::string& value, std::string expected) const {
    Diagnostic found = problem_at(place_->path, "event-value", "the value is '" + one_line(value, 80) + "'");
    found.expected = std::move(expected);
    return found;
}

Result<bool> EventNode::boolean() const {
    auto value = text();
    if (!value) return std::move(value).error();
    if (const auto read = client::read_boolean(*value)) return *read;
    return unfit(*value, "true or false");
}

Result<std::int64_t> EventNode::integer(std::int64_t least, std::int64_t most) const {
    auto value = text();
    if (!value) return std::move(value).error();
    const auto read = client::read_integer(*value);
    if (read && *read >= least && *read <= most) return *read;
    return unfit(*value, "a whole number from " + std::to_string(least) + " to " + std::to_string(most));
}

Result<std::uint64_t> EventNode::natural(std::uint64_t most) const {
    auto value = text();
    if (!value) return std::move(value).error();
    const auto read = client::read_natural(*value);
    if (read && *read <= most) return *read;
    return unfit(*value, "a whole number from 0 to " + std::to_string(most));
}

Result<double> EventNode::number(double most) const {
    auto value = text();
    if (!value) return std::move(value).error();
    if (const auto read = client::read_number(*value, most)) return *read;
    return unfit(*value, "a number");
}

Result<WallTime> EventNode::time() const {
    auto value = text();
    if (!value) return std::move(value).error();
    if (const auto read = client::read_time(*value)) return *read;
    return unfit(*value, "a date and time, as 2026-11-26T02:00:00Z");
}

}  // namespace clacks
