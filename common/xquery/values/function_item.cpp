#include "common/xquery/values/function_item.hpp"

#include "common/xquery/values/array.hpp"
#include "common/xquery/values/atomize.hpp"
#include "common/xquery/values/call_context.hpp"
#include "common/xquery/values/describe.hpp"
#include "common/xquery/values/error.hpp"
#include "common/xquery/values/map.hpp"

namespace clacks::xquery {

namespace {

// Functions made of functions call one another on the machine's stack.
constexpr std::uint32_t kMostDepth = 500;

std::uint32_t depth_above(const Item& function) {
    const std::uint32_t depth = function.type == Type::function ? function.function().depth + 1 : 1;
    if (depth > kMostDepth)
        fail(Code::limit_recursion,
             "functions are made of one another more than " + std::to_string(kMostDepth) + " deep",
             "pass the function itself on");
    return depth;
}

class CoercedFunction final : public FunctionItem {
  public:
    CoercedFunction(const Item& function, const InnerTypes& wanted) : function_(function) {
        parameters = wanted.parameters;
        result = *wanted.result;
        depth = depth_above(function);
        if (function.type != Type::function) return;
        name = function.function().name;
        shown = function.function().shown;
    }
    Value run(CallContext& context, std::span<const Value> arguments) const override {
        const Value value = call_item(context, function_, arguments);
        return convert(value, result, {shown, "result"}, context.arena, context.steps);
    }

  private:
    Item function_;
};

class PartialFunction final : public FunctionItem {
  public:
    PartialFunction(const Item& function, std::span<const Value* const> given,
                    std::span<const SequenceType> open)
        : function_(function), given_(given) {
        parameters = open;
        result = function.function().result;
        depth = depth_above(function);
    }
    Value run(CallContext& context, std::span<const Value> arguments) const override {
        const std::span<Value> all = context.arena.take_array<Value>(given_.size());
        auto next = arguments.begin();
        for (std::size_t i = 0; i < given_.size(); ++i) all[i] = given_[i] != nullptr ? *given_[i] : *next++;
        return call_item(context, function_, all);
    }

  private:
    Item function_;
    std::span<const Value* const> given_;
};

Item only_key(CallContext& context, const Value& argument, std::string_view what) {
    const Value key = atomize(argument, context.arena, context.steps);
    if (key.size() != 1)
        fail(Code::XPTY0004,
             std::string(what) + " is looked up by exactly one value, and got " + describe(key));
    return key.front();
}

constexpr std::string_view kNumbers[] = {"1", "2", "3", "4", "5", "6", "7", "8", "9"};

std::span<const Value> converted(CallContext& context, const FunctionItem& function,
                                 std::span<const Value> arguments) {
    std::span<Value> all;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const SequenceType& type = function.parameters[i];
        if (needs_no_conversion(arguments[i], type)) continue;
        if (all.empty()) {
            all = context.arena.take_array<Value>(arguments.size());
            std::uninitialized_copy(arguments.begin(), arguments.end(), all.begin());
        }
        const std::string_view shown = function.shown.empty() ? "the function" : function.shown;
        all[i] = convert(arguments[i], type, {shown, kNumbers[std::min(i, std::size(kNumbers) - 1)]},
                         context.arena, context.steps);
    }
    return all.empty() ? arguments : all;
}

}  // namespace

std::size_t arity_of(const Item& function) {
    return function.type == Type::function ? function.function().arity() : 1;
}

Value call_item(CallContext& context, const Item& function, std::span<const Value> arguments) {
    context.steps.take();
    if (!is_function(function.type))
        fail(Code::XPTY0004,
             "only a function, map or array can be called, and this is " + describe(function));
    if (arity_of(function) != arguments.size()) {
        std::string what = describe(function);
        if (function.type == Type::function && !function.function().shown.empty())
            what = std::string(function.function().shown) + "()";
        fail(Code::XPTY0004, what + " takes " + std::to_string(arity_of(function)) +
                                 " arguments and is called with " + std::to_string(arguments.size()));
    }
    if (function.type == Type::map) return look_up(function.map(), only_key(context, arguments[0], "a map"));
    if (function.type == Type::array)
        return look_up(function.array(), only_key(context, arguments[0], "an array"));
    const FunctionItem& callee = function.function();
    return callee.run(context, converted(context, callee, arguments));
}

Item coerce(const Item& function, const InnerTypes& wanted, Arena& arena) {
    return Item::of_function(*arena.make(CoercedFunction(function, wanted)));
}

Item apply_partly(const Item& function, std::span<const Value* const> given, Arena& arena) {
    const std::span<const SequenceType> all = function.function().parameters;
    const std::span<SequenceType> open = arena.take_array<SequenceType>(all.size());
    std::size_t n = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (given[i] == nullptr) std::construct_at(&open[n++], all[i]);
    }
    return Item::of_function(*arena.make(PartialFunction(function, given, open.first(n))));
}

Value look_up(const MapItem& map, const Item& key) {
    const MapItem::Entry* entry = map.find(key);
    return entry == nullptr ? Value() : entry->value;
}

Value look_up(const ArrayItem& array, const Item& position) {
    if (position.type == Type::untyped_atomic) {
        Arena room;
        return look_up(array, cast(position, Type::integer, room));
    }
    if (!is_integer(position.type))
        fail(Code::XPTY0004,
             "the members of an array are counted by xs:integer, and this is " + describe(position));
    const bool inside = is_integer(position.type) && !position.wide() && position.integer >= 1 &&
                        static_cast<std::uint64_t>(position.integer) <= array.size();
    if (!inside)
        fail(Code::FOAY0001,
             "there is no member " + describe(position) + " in an array of " + std::to_string(array.size()));
    return array[static_cast<std::uint64_t>(position.integer) - 1];
}

}  // namespace clacks::xquery
