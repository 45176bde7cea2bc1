// Environment variables (Functions and Operators 3.1, 15.6) and fn:trace (4), by the resolver.
#include "common/xquery/functions/family.hpp"
#include "common/xquery/serialize/serializer.hpp"
#include "common/xquery/xquery.hpp"

namespace clacks::xquery {

namespace {

Value environment_variable(CallContext& call, Arguments arguments) {
    const auto value = call.reached->resolver->environment_variable(text(arguments[0]));
    if (!value) return {};
    charge(call, value->size());
    return made(call, *value);
}

Value available_environment_variables(CallContext& call, Arguments) {
    const std::vector<std::string> names = call.reached->resolver->environment_variables();
    call.steps.take(names.size());
    SequenceBuilder out(call.arena);
    for (const std::string& name : names) out.add(Item::of_text(call.arena.copy(name)));
    return out.value();
}

Value trace(CallContext& call, Arguments arguments) {
    Resolver* const resolver = call.reached == nullptr ? nullptr : call.reached->resolver;
    if (resolver != nullptr) {
        SerializationParameters parameters;
        parameters.method = "adaptive";
        const std::string shown = serialize(arguments[0], parameters, call.steps, call.arena.limit());
        resolver->trace(arguments.size() > 1 ? text(arguments[1]) : std::string_view(), shown);
    }
    return arguments[0];
}

const FunctionRow kRows[] = {
    {"fn:environment-variable($name as xs:string) as xs:string?", environment_variable, kOutside},
    {"fn:available-environment-variables() as xs:string*", available_environment_variables, kOutside},
    {"fn:trace($value as item()* [, $label as xs:string]) as item()*", trace, kCreates},
};

}  // namespace

std::span<const FunctionRow> environment_functions() {
    return kRows;
}

}  // namespace clacks::xquery
