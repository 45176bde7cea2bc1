// Functions on functions (Functions and Operators 3.1, 16).
#include <algorithm>
#include <cmath>
#include <numeric>

#include "common/xquery/functions/family.hpp"
#include "common/xquery/functions/function_reference.hpp"
#include "common/xquery/values/array.hpp"
#include "common/xquery/values/describe.hpp"

namespace clacks::xquery {

namespace {

Value for_each(CallContext& call, Arguments arguments) {
    SequenceBuilder out(call.arena);
    for (const Item item : arguments[0]) {
        const Value one = item;
        out.add(call_item(call, arguments[1].front(), {&one, 1}));
    }
    return out.value();
}

Value filter(CallContext& call, Arguments arguments) {
    SequenceBuilder out(call.arena);
    for (const Item item : arguments[0]) {
        const Value one = item;
        if (call_item(call, arguments[1].front(), {&one, 1}).front().boolean()) out.add(item);
    }
    return out.value();
}

Value fold_left(CallContext& call, Arguments arguments) {
    Value result = arguments[1];
    for (const Item item : arguments[0]) {
        const Value pair[] = {result, item};
        result = call_item(call, arguments[2].front(), pair);
    }
    return result;
}

Value fold_right(CallContext& call, Arguments arguments) {
    Value result = arguments[1];
    for (std::uint64_t i = arguments[0].size(); i-- > 0;) {
        const Value pair[] = {arguments[0][i], result};
        result = call_item(call, arguments[2].front(), pair);
    }
    return result;
}

Value for_each_pair(CallContext& call, Arguments arguments) {
    SequenceBuilder out(call.arena);
    const std::uint64_t n = std::min(arguments[0].size(), arguments[1].size());
    for (std::uint64_t i = 0; i < n; ++i) {
        const Value pair[] = {arguments[0][i], arguments[1][i]};
        out.add(call_item(call, arguments[2].front(), pair));
    }
    return out.value();
}

Value sort(CallContext& call, Arguments arguments) {
    const Value& input = arguments[0];
    const Collation* const by = collation(call, arguments, 1);
    const std::span<Value> keys = call.arena.take_array<Value>(input.size());
    for (std::uint64_t i = 0; i < input.size(); ++i) {
        const Value one = input[i];
        const Value key = arguments.size() > 2 ? call_item(call, arguments[2].front(), {&one, 1}) : one;
        std::construct_at(&keys[i], atomize(key, call.arena, call.steps));
    }
    SequenceBuilder out(call.arena);
    for (const std::uint64_t i : sorted(call, keys, by)) out.add(input[i]);
    return out.value();
}

Value apply(CallContext& call, Arguments arguments) {
    const Item& function = arguments[0].front();
    const ArrayItem& given = arguments[1].front().array();
    if (arity_of(function) != given.size())
        fail(Code::FOAP0001, describe(function) + " takes " + std::to_string(arity_of(function)) +
                                 " arguments, and the array has " + std::to_string(given.size()));
    return call_item(call, function, given.members());
}

const FunctionItem* declared(const CallContext& call, const QName& name, std::size_t arity) {
    for (const FunctionItem* one : call.statics->declared) {
        if (one->arity() == arity && *one->name == name) return one;
    }
    return nullptr;
}

Value function_lookup(CallContext& call, Arguments arguments) {
    const QName& name = arguments[0].front().qname();
    const Item& wanted = arguments[1].front();
    if (wanted.wide() || wanted.integer < 0 || wanted.integer > 1'000'000) return {};
    const auto arity = static_cast<std::size_t>(wanted.integer);
    if (const FunctionItem* found = declared(call, name, arity)) return Item::of_function(*found);
    const Function* function = find_function(name.uri, name.local, arity);
    if (function == nullptr) return {};
    const bool outside = (function->effects & kOutside) != 0;
    if (outside && (call.reached == nullptr || call.reached->resolver == nullptr)) return {};
    return library_function(*function, arity, call.focus, *call.statics, call.arena);
}

Value function_name(CallContext&, Arguments arguments) {
    const Item& function = arguments[0].front();
    if (function.type != Type::function || function.function().name == nullptr) return {};
    return Item::of_qname(*function.function().name);
}

Value function_arity(CallContext&, Arguments arguments) {
    return Item::of_integer(static_cast<std::int64_t>(arity_of(arguments[0].front())));
}

// Less, by the first atoms that differ; NaN and nothing come first.
class KeyOrder {
  public:
    KeyOrder(CallContext& call, std::span<const Value> keys, const Collation* collation)
        : call_(call), keys_(keys), by_{collation, call.implicit_zone} {}

    bool operator()(std::uint64_t i, std::uint64_t j) const {
        const Value& a = keys_[i];
        const Value& b = keys_[j];
        const std::uint64_t n = std::min(a.size(), b.size());
        for (std::uint64_t k = 0; k < n; ++k) {
            const Item x = plain(a[k]), y = plain(b[k]);
            call_.steps.take(cost(x));
            if (is_nan(x) || is_nan(y)) {
                if (is_nan(x) != is_nan(y)) return is_nan(x);
                continue;
            }
            if (compare_value(Comparison::lt, x, y, by_)) return true;
            if (compare_value(Comparison::lt, y, x, by_)) return false;
        }
        return a.size() < b.size();
    }

  private:
    static Item plain(Item item) {
        if (item.type == Type::untyped_atomic) item.type = Type::string;
        return item;
    }
    static bool is_nan(const Item& item) {
        return (item.type == Type::double_ || item.type == Type::float_) && std::isnan(item.real);
    }
    CallContext& call_;
    std::span<const Value> keys_;
    CompareContext by_;
};

const FunctionRow kRows[] = {
    {"fn:for-each($seq as item()*, $action as function(item()) as item()*) as item()*", for_each},
    {"fn:filter($seq as item()*, $f as function(item()) as xs:boolean) as item()*", filter},
    {"fn:fold-left($seq as item()*, $zero as item()*, $f as function(item()*, item()) as item()*) as item()*",
     fold_left},
    {"fn:fold-right($seq as item()*, $zero as item()*, $f as function(item(), item()*) as item()*) as "
     "item()*",
     fold_right},
    {"fn:for-each-pair($seq1 as item()*, $seq2 as item()*, $action as function(item(), item()) as item()*) "
     "as "
     "item()*",
     for_each_pair},
    {"fn:sort($input as item()* [, $collation as xs:string?] [, $key as function(item()) as "
     "xs:anyAtomicType*]) as item()*",
     sort, kCollation},
    {"fn:apply($function as function(*), $array as array(*)) as item()*", apply},
    {"fn:function-lookup($name as xs:QName, $arity as xs:integer) as function(*)?", function_lookup,
     kFocus | kCollation | kNamespaces | kBaseUri},
    {"fn:function-name($func as function(*)) as xs:QName?", function_name},
    {"fn:function-arity($func as function(*)) as xs:integer", function_arity},
};

}  // namespace

std::span<const std::uint64_t> sorted(CallContext& call, std::span<const Value> keys,
                                      const Collation* collation) {
    const std::span<std::uint64_t> order = call.arena.take_array<std::uint64_t>(keys.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), KeyOrder(call, keys, collation));
    return order;
}

std::span<const FunctionRow> higher_order_functions() {
    return kRows;
}

}  // namespace clacks::xquery
