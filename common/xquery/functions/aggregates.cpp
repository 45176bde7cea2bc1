// Aggregates (Functions and Operators 3.1, 14.4).
#include <cmath>
#include <optional>

#include "common/xquery/functions/family.hpp"
#include "common/xquery/values/arithmetic.hpp"
#include "common/xquery/values/number.hpp"

namespace clacks::xquery {

namespace {

Value count(CallContext&, Arguments arguments) {
    return Item::of_integer(static_cast<std::int64_t>(arguments[0].size()));
}

// What adds: numbers, or durations of one of the two ordered types.
Type summed(Type type) {
    if (is_numeric(type)) return Type::numeric;
    return type == Type::year_month_duration || type == Type::day_time_duration ? type : Type::error;
}

// untypedAtomic is cast to double; FORG0006 for what does not add, or not to `kind`.
Item addend(CallContext& call, Item item, std::optional<Type> kind, const char* function) {
    if (item.type == Type::untyped_atomic) item = cast(item, Type::double_, call.arena);
    const Type own = summed(item.type);
    if (own == kind.value_or(own) && own != Type::error) return item;
    fail(Code::FORG0006,
         std::string(function) + "() adds numbers or durations of one type and got a value of type " +
             std::string(type_name(item.type)),
         is_string(item.type) ? "convert it with number()" : "");
}

Item total(CallContext& call, const Value& value, const char* function) {
    Item sum = addend(call, value.front(), std::nullopt, function);
    const Type kind = summed(sum.type);
    if (is_integer(sum.type)) sum.type = Type::integer;
    for (std::uint64_t i = 1; i < value.size(); ++i) {
        call.steps.take();
        sum = arithmetic(Arithmetic::add, sum, addend(call, value[i], kind, function), call.arena);
    }
    return sum;
}

Value sum(CallContext& call, Arguments arguments) {
    if (!arguments[0].empty()) return total(call, arguments[0], "sum");
    return arguments.size() > 1 ? arguments[1] : Value(Item::of_integer(0));
}

Value avg(CallContext& call, Arguments arguments) {
    if (arguments[0].empty()) return {};
    const Item n = Item::of_integer(static_cast<std::int64_t>(arguments[0].size()));
    return arithmetic(Arithmetic::divide, total(call, arguments[0], "avg"), n, call.arena);
}

// The common type of numbers: double, float, decimal or integer.
Type widest(Type a, Type b) {
    for (const Type type : {Type::double_, Type::float_}) {
        if (a == type || b == type) return type;
    }
    return is_integer(a) && is_integer(b) ? Type::integer : Type::decimal;
}

// The greatest (sign 1) or least (sign -1).
Value extreme(CallContext& call, Arguments arguments, int sign, const char* function) {
    if (arguments[0].empty()) return {};
    const CompareContext by{collation(call, arguments, 1), call.implicit_zone};
    Item best;
    Type type{};
    bool strings = false;  // URIs among strings are promoted
    bool first = true;
    for (Item item : arguments[0]) {
        call.steps.take(cost(item));
        if (item.type == Type::untyped_atomic) item = cast(item, Type::double_, call.arena);
        if (first) {
            if (!ordered(item.type, item.type))
                fail(Code::FORG0006, std::string(function) + "() does not order values of type " +
                                         std::string(type_name(item.type)));
            best = item;
            type = is_numeric(item.type) ? item.type : Type::any_atomic;
            strings = is_string(item.type);
            first = false;
            continue;
        }
        if (!ordered(best.type, item.type))
            fail(Code::FORG0006, std::string(function) + "() does not compare " +
                                     std::string(type_name(best.type)) + " with " +
                                     std::string(type_name(item.type)));
        if (is_numeric(item.type)) type = type == item.type ? type : widest(type, item.type);
        if (is_string(item.type)) strings = true;
        if (is_nan(best)) continue;
        if (is_nan(item)) {
            best = item;
            continue;
        }
        const std::partial_ordering order_of = order(item, best, by);
        if (sign > 0 ? std::is_gt(order_of) : std::is_lt(order_of)) best = item;
    }
    if (is_numeric(best.type) && !derives_from(best.type, type)) return cast(best, type, call.arena);
    if (strings && best.type == Type::any_uri) best.type = Type::string;
    return best;
}

Value max(CallContext& call, Arguments arguments) {
    return extreme(call, arguments, 1, "max");
}

Value min(CallContext& call, Arguments arguments) {
    return extreme(call, arguments, -1, "min");
}

const FunctionRow kRows[] = {
    {"fn:count($input as item()*) as xs:integer", count, kPure, Intrinsic::count},
    {"fn:sum($values as xs:anyAtomicType* [, $zero as xs:anyAtomicType?]) as xs:anyAtomicType?", sum, kPure,
     Intrinsic::sum},
    {"fn:avg($values as xs:anyAtomicType*) as xs:anyAtomicType?", avg, kPure, Intrinsic::avg},
    {"fn:max($values as xs:anyAtomicType* [, $collation as xs:string]) as xs:anyAtomicType?", max, kCollation,
     Intrinsic::max},
    {"fn:min($values as xs:anyAtomicType* [, $collation as xs:string]) as xs:anyAtomicType?", min, kCollation,
     Intrinsic::min},
};

}  // namespace

std::span<const FunctionRow> aggregate_functions() {
    return kRows;
}

}  // namespace clacks::xquery
