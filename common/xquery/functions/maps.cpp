// Maps (Functions and Operators 3.1, 17.1).
#include "common/xquery/values/map.hpp"

#include <algorithm>
#include <optional>

#include "common/xquery/functions/family.hpp"
#include "common/xquery/values/array.hpp"
#include "common/xquery/values/describe.hpp"
#include "common/xquery/values/function_item.hpp"

namespace clacks::xquery {

namespace {

enum class Duplicates { use_first, use_last, combine, reject };

Duplicates duplicates(Arguments arguments) {
    if (arguments.size() < 2) return Duplicates::use_first;
    const Value option = look_up(arguments[1].front().map(), Item::of_text("duplicates"));
    if (option.empty()) return Duplicates::use_first;
    const bool text = option.size() == 1 && is_textual(option.front().type);
    const std::string_view name = text ? option.front().text() : std::string_view();
    if (name == "use-first" || name == "use-any") return Duplicates::use_first;
    if (name == "use-last") return Duplicates::use_last;
    if (name == "combine") return Duplicates::combine;
    if (name == "reject") return Duplicates::reject;
    fail(Code::FOJS0005, "the option 'duplicates' of map:merge() is " + describe(option),
         "write 'use-first', 'use-last', 'use-any', 'combine' or 'reject'");
}

Value merge(CallContext& call, Arguments arguments) {
    const Duplicates rule = duplicates(arguments);
    MapBuilder merged(call.arena);
    for (const Item map : arguments[0]) {
        map.map().each([&](const MapItem::Entry& entry) {
            call.steps.take(cost(entry.key));
            const MapItem::Entry* known = merged.find(entry.key);
            if (known == nullptr || rule == Duplicates::use_last) {
                merged.put(known == nullptr ? entry.key : known->key, entry.value);
            } else if (rule == Duplicates::combine) {
                SequenceBuilder both(call.arena);
                both.add(known->value);
                both.add(entry.value);
                call.steps.take(both.size());
                merged.put(known->key, both.value());
            } else if (rule == Duplicates::reject) {
                fail(Code::FOJS0003, "the key " + describe(entry.key) + " is in more than one map");
            }
            return true;
        });
    }
    return Item::of_map(merged.finish());
}

Value size(CallContext&, Arguments arguments) {
    return Item::of_integer(static_cast<std::int64_t>(arguments[0].front().map().size()));
}

Value contains(CallContext& call, Arguments arguments) {
    call.steps.take(cost(arguments[1].front()));
    return Item::of_bool(arguments[0].front().map().find(arguments[1].front()) != nullptr);
}

Value keys(CallContext& call, Arguments arguments) {
    const MapItem& map = arguments[0].front().map();
    call.steps.take(map.size());
    SequenceBuilder out(call.arena);
    map.each([&](const MapItem::Entry& entry) {
        out.add(entry.key);
        return true;
    });
    return out.value();
}

Value get(CallContext& call, Arguments arguments) {
    call.steps.take(cost(arguments[1].front()));
    return look_up(arguments[0].front().map(), arguments[1].front());
}

Value put(CallContext& call, Arguments arguments) {
    call.steps.take(cost(arguments[1].front()));
    return Item::of_map(arguments[0].front().map().put(arguments[1].front(), arguments[2], call.arena));
}

Value entry(CallContext& call, Arguments arguments) {
    return Item::of_map(MapItem::none().put(arguments[0].front(), arguments[1], call.arena));
}

Value remove(CallContext& call, Arguments arguments) {
    const MapItem* map = &arguments[0].front().map();
    for (const Item key : arguments[1]) {
        call.steps.take(cost(key));
        map = &map->remove(key, call.arena);
    }
    return Item::of_map(*map);
}

Value for_each(CallContext& call, Arguments arguments) {
    SequenceBuilder out(call.arena);
    arguments[0].front().map().each([&](const MapItem::Entry& entry) {
        const Value pair[] = {entry.key, entry.value};
        out.add(call_item(call, arguments[1].front(), pair));
        return true;
    });
    return out.value();
}

// The items of all values within, last first, for a stack.
void push_inside(const Item& item, SequenceBuilder& out, CallContext& call) {
    const std::size_t from = out.size();
    const auto add = [&](const Value& value) {
        call.steps.take(1 + value.size());
        out.add(value);
    };
    if (item.type == Type::array) {
        for (const Value& member : item.array().members()) add(member);
    } else if (item.type == Type::map) {
        item.map().each([&](const MapItem::Entry& entry) {
            add(entry.value);
            return true;
        });
    }
    std::reverse(out.items().begin() + static_cast<std::ptrdiff_t>(from), out.items().end());
}

// Maps and arrays may hold one another deeper than the machine's stack goes.
Value find(CallContext& call, Arguments arguments) {
    SequenceBuilder open(call.arena);
    for (std::uint64_t i = arguments[0].size(); i-- > 0;) open.add(arguments[0][i]);
    const ArrayItem* found = &ArrayItem::of({}, call.arena);
    while (!open.empty()) {
        const Item item = open[open.size() - 1];
        open.truncate(open.size() - 1);
        call.steps.take();
        if (item.type == Type::map) {
            if (const MapItem::Entry* entry = item.map().find(arguments[1].front()))
                found = &found->append(entry->value, call.arena);
        }
        push_inside(item, open, call);
    }
    return Item::of_array(*found);
}

const FunctionRow kRows[] = {
    {"map:merge($maps as map(*)* [, $options as map(*)]) as map(*)", merge},
    {"map:size($map as map(*)) as xs:integer", size},
    {"map:keys($map as map(*)) as xs:anyAtomicType*", keys},
    {"map:contains($map as map(*), $key as xs:anyAtomicType) as xs:boolean", contains},
    {"map:get($map as map(*), $key as xs:anyAtomicType) as item()*", get},
    {"map:find($input as item()*, $key as xs:anyAtomicType) as array(*)", find},
    {"map:put($map as map(*), $key as xs:anyAtomicType, $value as item()*) as map(*)", put},
    {"map:entry($key as xs:anyAtomicType, $value as item()*) as map(*)", entry},
    {"map:remove($map as map(*), $keys as xs:anyAtomicType*) as map(*)", remove},
    {"map:for-each($map as map(*), $action as function(xs:anyAtomicType, item()*) as item()*) as item()*",
     for_each},
};

}  // namespace

std::span<const FunctionRow> map_functions() {
    return kRows;
}

}  // namespace clacks::xquery
