// Arrays (Functions and Operators 3.1, 17.3).
#include <algorithm>
#include <memory>

#include "common/xquery/functions/family.hpp"
#include "common/xquery/values/array.hpp"
#include "common/xquery/values/describe.hpp"
#include "common/xquery/values/function_item.hpp"
#include "common/xquery/values/number.hpp"

namespace clacks::xquery {

namespace {

const ArrayItem& array_of(const Value& argument) {
    return argument.front().array();
}

Value made_of(CallContext& call, std::span<const Value> members) {
    return Item::of_array(ArrayItem::of(members, call.arena));
}

// Room for members of a new array.
std::span<Value> room(CallContext& call, std::uint64_t n) {
    call.steps.take(1 + n);
    const std::span<Value> members = call.arena.take_array<Value>(n);
    std::uninitialized_value_construct(members.begin(), members.end());
    return members;
}

// A 1-based position within first..last as an offset; FOAY0001 outside.
std::uint64_t offset_of(const Item& position, std::uint64_t last, std::uint64_t size) {
    const Int128 wanted = integer_of(position);
    if (wanted < 1 || wanted > static_cast<Int128>(last))
        fail(Code::FOAY0001,
             "there is no position " + describe(position) + " in an array of " + std::to_string(size));
    return static_cast<std::uint64_t>(wanted) - 1;
}

Value size(CallContext&, Arguments arguments) {
    return Item::of_integer(static_cast<std::int64_t>(array_of(arguments[0]).size()));
}

Value get(CallContext&, Arguments arguments) {
    return look_up(array_of(arguments[0]), arguments[1].front());
}

Value put(CallContext& call, Arguments arguments) {
    const ArrayItem& array = array_of(arguments[0]);
    call.steps.take(array.size());
    return Item::of_array(
        array.put(offset_of(arguments[1].front(), array.size(), array.size()), arguments[2], call.arena));
}

Value append(CallContext& call, Arguments arguments) {
    return Item::of_array(array_of(arguments[0]).append(arguments[1], call.arena));
}

Value subarray(CallContext& call, Arguments arguments) {
    const ArrayItem& array = array_of(arguments[0]);
    const std::uint64_t first = offset_of(arguments[1].front(), array.size() + 1, array.size());
    std::uint64_t n = array.size() - first;
    if (arguments.size() > 2) {
        const Int128 wanted = integer_of(arguments[2].front());
        if (wanted < 0) fail(Code::FOAY0002, "the length of a subarray cannot be negative");
        if (wanted > static_cast<Int128>(n))
            fail(Code::FOAY0001, "an array of " + std::to_string(array.size()) + " has no " +
                                     describe(arguments[2].front()) + " members from " +
                                     describe(arguments[1].front()) + " on");
        n = static_cast<std::uint64_t>(wanted);
    }
    return Item::of_array(array.slice(first, n, call.arena));
}

Value remove(CallContext& call, Arguments arguments) {
    const ArrayItem& array = array_of(arguments[0]);
    const std::span<bool> gone = call.arena.take_array<bool>(array.size());
    std::fill(gone.begin(), gone.end(), false);
    call.steps.take(arguments[1].size());
    for (const Item position : arguments[1]) gone[offset_of(position, array.size(), array.size())] = true;
    const std::span<Value> members = room(call, array.size());
    std::size_t n = 0;
    for (std::uint64_t i = 0; i < array.size(); ++i) {
        if (!gone[i]) members[n++] = array[i];
    }
    return made_of(call, members.first(n));
}

Value insert_before(CallContext& call, Arguments arguments) {
    const ArrayItem& array = array_of(arguments[0]);
    const std::uint64_t at = offset_of(arguments[1].front(), array.size() + 1, array.size());
    const std::span<Value> members = room(call, array.size() + 1);
    std::copy_n(array.members().begin(), at, members.begin());
    members[at] = arguments[2];
    std::copy(array.members().begin() + static_cast<std::ptrdiff_t>(at), array.members().end(),
              members.begin() + static_cast<std::ptrdiff_t>(at) + 1);
    return made_of(call, members);
}

const ArrayItem& not_empty(const Value& argument) {
    const ArrayItem& array = array_of(argument);
    if (array.size() == 0) fail(Code::FOAY0001, "the array is empty", "test array:size() first");
    return array;
}

Value head(CallContext&, Arguments arguments) {
    return not_empty(arguments[0])[0];
}

Value tail(CallContext& call, Arguments arguments) {
    const ArrayItem& array = not_empty(arguments[0]);
    return Item::of_array(array.slice(1, array.size() - 1, call.arena));
}

Value reverse(CallContext& call, Arguments arguments) {
    const ArrayItem& array = array_of(arguments[0]);
    const std::span<Value> members = room(call, array.size());
    std::reverse_copy(array.members().begin(), array.members().end(), members.begin());
    return made_of(call, members);
}

Value join(CallContext& call, Arguments arguments) {
    std::uint64_t n = 0;
    for (const Item array : arguments[0]) n += array.array().size();
    const std::span<Value> members = room(call, n);
    auto to = members.begin();
    for (const Item array : arguments[0])
        to = std::copy(array.array().members().begin(), array.array().members().end(), to);
    return made_of(call, members);
}

Value for_each(CallContext& call, Arguments arguments) {
    const ArrayItem& array = array_of(arguments[0]);
    const std::span<Value> members = room(call, array.size());
    for (std::uint64_t i = 0; i < array.size(); ++i)
        members[i] = call_item(call, arguments[1].front(), {&array[i], 1});
    return made_of(call, members);
}

Value filter(CallContext& call, Arguments arguments) {
    const ArrayItem& array = array_of(arguments[0]);
    const std::span<Value> members = room(call, array.size());
    std::size_t n = 0;
    for (const Value& member : array.members()) {
        if (call_item(call, arguments[1].front(), {&member, 1}).front().boolean()) members[n++] = member;
    }
    return made_of(call, members.first(n));
}

Value fold_left(CallContext& call, Arguments arguments) {
    Value result = arguments[1];
    for (const Value& member : array_of(arguments[0]).members()) {
        const Value pair[] = {result, member};
        result = call_item(call, arguments[2].front(), pair);
    }
    return result;
}

Value fold_right(CallContext& call, Arguments arguments) {
    const ArrayItem& array = array_of(arguments[0]);
    Value result = arguments[1];
    for (std::uint64_t i = array.size(); i-- > 0;) {
        const Value pair[] = {array[i], result};
        result = call_item(call, arguments[2].front(), pair);
    }
    return result;
}

Value for_each_pair(CallContext& call, Arguments arguments) {
    const ArrayItem& a = array_of(arguments[0]);
    const ArrayItem& b = array_of(arguments[1]);
    const std::span<Value> members = room(call, std::min(a.size(), b.size()));
    for (std::uint64_t i = 0; i < members.size(); ++i) {
        const Value pair[] = {a[i], b[i]};
        members[i] = call_item(call, arguments[2].front(), pair);
    }
    return made_of(call, members);
}

Value sort(CallContext& call, Arguments arguments) {
    const ArrayItem& array = array_of(arguments[0]);
    const Collation* const by = collation(call, arguments, 1);
    const std::span<Value> keys = room(call, array.size());
    for (std::uint64_t i = 0; i < array.size(); ++i) {
        const Value key =
            arguments.size() > 2 ? call_item(call, arguments[2].front(), {&array[i], 1}) : array[i];
        keys[i] = atomize(key, call.arena, call.steps);
    }
    const std::span<Value> members = room(call, array.size());
    std::size_t n = 0;
    for (const std::uint64_t i : sorted(call, keys, by)) members[n++] = array[i];
    return made_of(call, members);
}

Value flatten(CallContext& call, Arguments arguments) {
    SequenceBuilder out(call.arena);
    for (const Item item : arguments[0]) {
        call.steps.take();
        if (item.type == Type::array)
            xquery::flatten(item.array(), out, call.arena, call.steps);
        else
            out.add(item);
    }
    return out.value();
}

const FunctionRow kRows[] = {
    {"array:size($array as array(*)) as xs:integer", size},
    {"array:get($array as array(*), $position as xs:integer) as item()*", get},
    {"array:put($array as array(*), $position as xs:integer, $member as item()*) as array(*)", put},
    {"array:append($array as array(*), $appendage as item()*) as array(*)", append},
    {"array:subarray($array as array(*), $start as xs:integer [, $length as xs:integer]) as array(*)",
     subarray},
    {"array:remove($array as array(*), $positions as xs:integer*) as array(*)", remove},
    {"array:insert-before($array as array(*), $position as xs:integer, $member as item()*) as array(*)",
     insert_before},
    {"array:head($array as array(*)) as item()*", head},
    {"array:tail($array as array(*)) as array(*)", tail},
    {"array:reverse($array as array(*)) as array(*)", reverse},
    {"array:join($arrays as array(*)*) as array(*)", join},
    {"array:for-each($array as array(*), $action as function(item()*) as item()*) as array(*)", for_each},
    {"array:filter($array as array(*), $function as function(item()*) as xs:boolean) as array(*)", filter},
    {"array:fold-left($array as array(*), $zero as item()*, $function as function(item()*, item()*) as "
     "item()*) "
     "as item()*",
     fold_left},
    {"array:fold-right($array as array(*), $zero as item()*, $function as function(item()*, item()*) as "
     "item()*) as item()*",
     fold_right},
    {"array:for-each-pair($array1 as array(*), $array2 as array(*), $function as function(item()*, item()*) "
     "as "
     "item()*) as array(*)",
     for_each_pair},
    {"array:sort($array as array(*) [, $collation as xs:string?] [, $key as function(item()*) as "
     "xs:anyAtomicType*]) as array(*)",
     sort, kCollation},
    {"array:flatten($input as item()*) as item()*", flatten},
};

}  // namespace

std::span<const FunctionRow> array_functions() {
    return kRows;
}

}  // namespace clacks::xquery
