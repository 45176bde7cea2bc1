// Sequences (Functions and Operators 3.1, 14.1 to 14.3).
#include <cmath>

#include "common/xquery/functions/family.hpp"
#include "common/xquery/values/number.hpp"

namespace clacks::xquery {

namespace {

Value empty(CallContext&, Arguments arguments) {
    return Item::of_bool(arguments[0].empty());
}

Value exists(CallContext&, Arguments arguments) {
    return Item::of_bool(!arguments[0].empty());
}

Value head(CallContext&, Arguments arguments) {
    return arguments[0].slice(0, 1);
}

Value tail(CallContext&, Arguments arguments) {
    return arguments[0].slice(1);
}

// A 1-based position as an offset into n items: values before the first and behind the last are moved in.
std::uint64_t clamp(const Item& position, std::uint64_t n) {
    const Int128 wanted = integer_of(position);
    if (wanted < 1) return 0;
    return wanted > static_cast<Int128>(n) ? n : static_cast<std::uint64_t>(wanted) - 1;
}

Value insert_before(CallContext& call, Arguments arguments) {
    const std::uint64_t at = clamp(arguments[1].front(), arguments[0].size());
    call.steps.take(arguments[0].size() + arguments[2].size());
    SequenceBuilder out(call.arena);
    out.add(arguments[0].slice(0, at));
    out.add(arguments[2]);
    out.add(arguments[0].slice(at));
    return out.value();
}

Value remove(CallContext& call, Arguments arguments) {
    const Int128 position = integer_of(arguments[1].front());
    if (position < 1 || position > static_cast<Int128>(arguments[0].size())) return arguments[0];
    const auto at = static_cast<std::uint64_t>(position) - 1;
    call.steps.take(arguments[0].size());
    SequenceBuilder out(call.arena);
    out.add(arguments[0].slice(0, at));
    out.add(arguments[0].slice(at + 1));
    return out.value();
}

Value reverse(CallContext& call, Arguments arguments) {
    const Value& value = arguments[0];
    call.steps.take(value.size());
    SequenceBuilder out(call.arena);
    for (std::uint64_t i = value.size(); i-- > 0;) out.add(value[i]);
    return out.value();
}

Value subsequence(CallContext&, Arguments arguments) {
    const Value& value = arguments[0];
    const double start = rounded_position(arguments[1].front().real);
    const double end = arguments.size() > 2 ? start + rounded_position(arguments[2].front().real) : INFINITY;
    if (std::isnan(start) || std::isnan(end)) return {};
    const double from = std::max(start, 1.0);
    const double to = std::min(end, static_cast<double>(value.size()) + 1);
    if (!(from < to)) return {};
    return value.slice(static_cast<std::uint64_t>(from) - 1, static_cast<std::uint64_t>(to - from));
}

Value unordered(CallContext&, Arguments arguments) {
    return arguments[0];
}

// The atomic item as it compares under a collation.
Item keyed(CallContext& call, const Item& item, const Collation* by) {
    if (by == nullptr || !is_textual(item.type)) return item;
    return Item::of_text(collation_key(item.text(), by, call.arena), item.type);
}

Value distinct_values(CallContext& call, Arguments arguments) {
    const Value& value = arguments[0];
    const Collation* const by = collation(call, arguments, 1);
    if (value.is_range()) return value;
    std::size_t slots = 16;
    while (slots < 2 * value.size()) slots *= 2;
    const std::span<std::uint32_t> table = call.arena.take_array<std::uint32_t>(slots);
    for (std::uint32_t& slot : table) slot = 0;
    SequenceBuilder out(call.arena);
    SequenceBuilder keys(call.arena);
    for (const Item item : value) {
        const Item key = keyed(call, item, by);
        const std::uint64_t steps = cost(key);
        for (std::size_t at = hash_atomic(key, call.implicit_zone) & (slots - 1);;
             at = (at + 1) & (slots - 1)) {
            call.steps.take(steps);
            if (table[at] == 0) {
                out.add(item);
                keys.add(key);
                table[at] = static_cast<std::uint32_t>(out.size());
                break;
            }
            if (same_atomic(keys[table[at] - 1], key, {nullptr, call.implicit_zone})) break;
        }
    }
    return out.value();
}

Value index_of(CallContext& call, Arguments arguments) {
    const Collation* const by = collation(call, arguments, 2);
    const Item& wanted = arguments[1].front();
    SequenceBuilder out(call.arena);
    std::int64_t position = 0;
    for (const Item item : arguments[0]) {
        call.steps.take(cost(item));
        ++position;
        if (same_atomic(item, wanted, {by, call.implicit_zone}, false)) out.add(Item::of_integer(position));
    }
    return out.value();
}

Value zero_or_one(CallContext&, Arguments arguments) {
    if (arguments[0].size() > 1)
        fail(Code::FORG0003, "zero-or-one() got " + std::to_string(arguments[0].size()) + " items");
    return arguments[0];
}

Value one_or_more(CallContext&, Arguments arguments) {
    if (arguments[0].empty()) fail(Code::FORG0004, "one-or-more() got an empty sequence");
    return arguments[0];
}

Value exactly_one(CallContext&, Arguments arguments) {
    if (arguments[0].size() != 1)
        fail(Code::FORG0005, "exactly-one() got " + std::to_string(arguments[0].size()) + " items");
    return arguments[0];
}

const FunctionRow kRows[] = {
    {"fn:empty($input as item()*) as xs:boolean", empty, kPure, Intrinsic::empty},
    {"fn:exists($input as item()*) as xs:boolean", exists, kPure, Intrinsic::exists},
    {"fn:head($input as item()*) as item()?", head, kPure, Intrinsic::head},
    {"fn:tail($input as item()*) as item()*", tail, kPure, Intrinsic::tail},
    {"fn:insert-before($input as item()*, $position as xs:integer, $insert as item()*) as item()*",
     insert_before},
    {"fn:remove($input as item()*, $position as xs:integer) as item()*", remove},
    {"fn:reverse($input as item()*) as item()*", reverse, kPure, Intrinsic::reverse},
    {"fn:subsequence($input as item()*, $start as xs:double [, $length as xs:double]) as item()*",
     subsequence, kPure, Intrinsic::subsequence},
    {"fn:unordered($input as item()*) as item()*", unordered, kPure, Intrinsic::unordered},
    {"fn:distinct-values($values as xs:anyAtomicType* [, $collation as xs:string]) as xs:anyAtomicType*",
     distinct_values, kCollation, Intrinsic::distinct_values},
    {"fn:index-of($input as xs:anyAtomicType*, $target as xs:anyAtomicType [, $collation as xs:string]) as "
     "xs:integer*",
     index_of, kCollation},
    {"fn:zero-or-one($input as item()*) as item()?", zero_or_one, kPure, Intrinsic::zero_or_one},
    {"fn:one-or-more($input as item()*) as item()+", one_or_more, kPure, Intrinsic::one_or_more},
    {"fn:exactly-one($input as item()*) as item()", exactly_one, kPure, Intrinsic::exactly_one},
};

}  // namespace

double rounded_position(double value) {
    const double whole = std::floor(value);
    return value - whole >= 0.5 ? whole + 1 : whole;
}

std::span<const FunctionRow> sequence_functions() {
    return kRows;
}

}  // namespace clacks::xquery
