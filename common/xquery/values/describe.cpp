#include "common/xquery/values/describe.hpp"

#include "common/base/text.hpp"
#include "common/xquery/values/atomize.hpp"

namespace clacks::xquery {

namespace {

constexpr std::size_t kShownBytes = 60;

std::string describe_node(const Item& item) {
    constexpr std::string_view kKinds[] = {"a document",      "an element", "an attribute",
                                           "a text node",     "a comment",  "a processing instruction",
                                           "a namespace node"};
    std::string out(kKinds[static_cast<std::size_t>(item.node_kind())]);
    if (!item.tree->has_name(item.node())) return out;
    const xml::NameView name = item.tree->name(item.node()).view();
    const std::string prefix = name.prefix.empty() ? "" : std::string(name.prefix) + ":";
    return out + " '" + one_line(prefix + std::string(name.local), kShownBytes) + "'";
}

}  // namespace

std::string describe(const Item& item) {
    if (item.is_node()) return describe_node(item);
    const std::string type(type_name(item.type));
    if (!is_atomic(item.type)) return "an item of type " + type;
    Arena room;
    const std::string text = one_line(string_of(item, room), kShownBytes);
    const bool bare = is_numeric(item.type) || item.type == Type::boolean;
    return (bare ? text : "'" + text + "'") + " of type " + type;
}

std::string describe(const Value& value) {
    if (value.empty()) return "an empty sequence";
    if (value.count > 1) return "a sequence of " + std::to_string(value.count) + " items";
    return describe(value.front());
}

}  // namespace clacks::xquery
