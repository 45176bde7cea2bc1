#include "common/xquery/values/atomize.hpp"

#include <cmath>
#include <string>
#include <vector>

#include "common/xquery/values/array.hpp"
#include "common/xquery/values/cast.hpp"
#include "common/xquery/values/describe.hpp"
#include "common/xquery/values/error.hpp"

namespace clacks::xquery {

namespace {

[[noreturn]] void no_boolean_value(std::string_view what) {
    fail(Code::FORG0006, std::string(what) + " has no effective boolean value",
         "compare it, or ask exists() or count()");
}

Value atomize_arrays(const Value& value, Arena& arena, Steps& steps) {
    SequenceBuilder out(arena);
    for (const Item item : value) {
        if (item.type == Type::array)
            flatten(item.array(), out, arena, steps);
        else
            out.add(item);
    }
    for (Item& item : out.items()) item = atomize(item);
    return out.value();
}

}  // namespace

// Arrays may hold one another deeper than the machine's stack goes.
void flatten(const ArrayItem& array, SequenceBuilder& out, Arena& arena, Steps& steps) {
    struct Level {
        const ArrayItem* array;
        std::uint64_t member;
        std::uint64_t item;
    };
    std::pmr::vector<Level> levels(&arena);
    levels.push_back({&array, 0, 0});
    while (!levels.empty()) {
        Level& level = levels.back();
        steps.take();
        if (level.member == level.array->size()) {
            levels.pop_back();
            continue;
        }
        const Value& member = (*level.array)[level.member];
        if (level.item == member.size()) {
            ++level.member;
            level.item = 0;
            continue;
        }
        const Item item = member[level.item++];
        if (item.type == Type::array)
            levels.push_back({&item.array(), 0, 0});
        else
            out.add(item);
    }
}

Item atomize(const Item& item) {
    if (item.is_node()) {
        const std::string_view text = item.tree->string_value(item.node());
        switch (item.node_kind()) {
            case xml::NodeKind::comment:
            case xml::NodeKind::processing_instruction:
            case xml::NodeKind::namespace_node:
                return Item::of_text(text);
            default:
                return Item::of_text(text, Type::untyped_atomic);
        }
    }
    if (!is_atomic(item.type)) {
        fail(Code::FOTY0013, describe(item) + " has no typed value",
             "functions and maps cannot be compared or calculated with");
    }
    return item;
}

Value atomize(const Value& value, Arena& arena, Steps& steps) {
    if (value.is_range() || value.empty()) return value;
    if (value.count == 1 && value.front().type != Type::array) return atomize(value.front());
    bool atomic = true;
    bool arrays = false;
    for (const Item item : value) {
        atomic = atomic && is_atomic(item.type);
        arrays = arrays || item.type == Type::array;
    }
    steps.take(value.count);
    if (atomic) return value;
    if (arrays) return atomize_arrays(value, arena, steps);
    const std::span<Item> items = arena.take_array<Item>(static_cast<std::size_t>(value.count));
    std::size_t n = 0;
    for (const Item item : value) items[n++] = atomize(item);
    return {items.data(), n};
}

std::string_view string_of(const Item& item, Arena& arena) {
    if (item.is_node()) return item.tree->string_value(item.node());
    if (is_textual(item.type)) return item.text();
    if (!is_atomic(item.type)) {
        fail(Code::FOTY0014, describe(item) + " has no string value",
             "ask for the string of a node or a value");
    }
    return cast(item, Type::string, arena).text();
}

bool effective_boolean_value(const Item& item) {
    if (item.is_node()) return true;
    if (item.type == Type::boolean) return item.boolean();
    if (is_textual(item.type)) return !item.text().empty();
    if (item.type == Type::double_ || item.type == Type::float_)
        return item.real != 0 && !std::isnan(item.real);
    // Wide numbers are never zero.
    if (is_decimal(item.type)) return item.wide() || item.integer != 0;
    no_boolean_value(describe(item));
}

bool effective_boolean_value(const Value& value) {
    if (value.empty()) return false;
    if (value.front().is_node()) return true;
    if (value.count > 1) {
        no_boolean_value("a sequence of " + std::to_string(value.count) + " items, the first " +
                         describe(value.front()) + ",");
    }
    return effective_boolean_value(value.front());
}

}  // namespace clacks::xquery
