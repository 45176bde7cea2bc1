#include "common/xquery/functions/library.hpp"

#include <algorithm>
#include <unordered_map>

#include "common/base/text.hpp"
#include "common/xquery/functions/family.hpp"
#include "common/xquery/functions/signature.hpp"

namespace clacks::xquery {

namespace {

// One a line, so that additions do not touch one another.
// clang-format off
constexpr std::span<const FunctionRow> (*kFamilies[])() = {
    node_functions,
    id_functions,
    deep_equal_functions,
    name_functions,
    numeric_functions,
    math_functions,
    string_functions,
    matching_functions,
    pattern_functions,
    uri_functions,
    uri_resolution_functions,
    boolean_functions,
    sequence_functions,
    aggregate_functions,
    context_functions,
    parsing_functions,
    serialization_functions,
    constructor_functions,
    document_functions,
    text_resource_functions,
    environment_functions,
    json_functions,
    date_time_functions,
    ietf_date_functions,
    date_format_functions,
    integer_format_functions,
    number_format_functions,
    random_functions,
    higher_order_functions,
    map_functions,
    array_functions,
};
// clang-format on

struct Library {
    std::vector<Function> functions;
    std::unordered_multimap<std::uint64_t, const Function*> by_name;

    Library() {
        for (const auto& family : kFamilies) {
            for (const FunctionRow& row : family()) functions.push_back(parse_signature(row));
        }
        for (const Function& function : functions)
            by_name.emplace(xml::name_hash(function.uri, function.local), &function);
    }
};

const Library& library() {
    static const Library made;
    return made;
}

bool is_listed(std::span<const std::string_view> names, std::string_view uri, std::string_view local) {
    return std::any_of(names.begin(), names.end(), [&](std::string_view name) {
        const std::size_t colon = name.find(':');
        return name.substr(colon + 1) == local && signature_namespace(name.substr(0, colon)) == uri;
    });
}

bool is_library_namespace(std::string_view uri) {
    return uri == kFnNamespace || uri == kMathNamespace || uri == kMapNamespace || uri == kArrayNamespace ||
           uri == kXsNamespace;
}

// "prefix:local" of the function with this local name in another namespace, or "".
std::string elsewhere(std::string_view uri, std::string_view local) {
    for (const Function& function : all_functions()) {
        if (function.local == local && function.uri != uri) return std::string(function.shown);
    }
    return {};
}

std::string arities(std::string_view uri, std::string_view local) {
    std::string out;
    for (const Function& function : all_functions()) {
        if (function.uri != uri || function.local != local) continue;
        if (!out.empty()) out += " or ";
        out += std::to_string(function.min_arity);
        if (function.max_arity == Function::kUnbounded)
            out += " or more";
        else if (function.max_arity != function.min_arity)
            out += " to " + std::to_string(function.max_arity);
    }
    return out;
}

Error make(Code code, std::string message, std::string hint) {
    return Error{code, std::move(message), std::move(hint), std::string(code_name(code))};
}

}  // namespace

std::span<const Function> all_functions() {
    return library().functions;
}

const Function* find_function(std::string_view uri, std::string_view local, std::size_t arity) {
    const auto [first, last] = library().by_name.equal_range(xml::name_hash(uri, local));
    for (auto at = first; at != last; ++at) {
        const Function& function = *at->second;
        if (function.local == local && function.uri == uri && arity >= function.min_arity &&
            arity <= function.max_arity)
            return &function;
    }
    return nullptr;
}

Error outside_access(std::string_view shown) {
    return make(Code::outside_access,
                std::string(shown) + "() reaches outside the query, which a query here cannot",
                "work on the context item and the external variables");
}

Error explain_missing(std::string_view uri, std::string_view local, std::size_t arity,
                      std::string_view shown) {
    const std::string name(shown);
    if (is_listed(outside_names(), uri, local)) return outside_access(shown);
    if (const std::string known = arities(uri, local); !known.empty())
        return make(
            Code::XPST0017,
            name + "() does not take " + std::to_string(arity) + (arity == 1 ? " argument" : " arguments"),
            "it takes " + known);
    std::string near = is_library_namespace(uri) ? elsewhere(uri, local) : std::string();
    if (near.empty()) {
        std::vector<std::string> candidates;
        for (const Function& function : all_functions()) {
            if (function.uri == uri) candidates.emplace_back(function.local);
        }
        near = nearest(local, candidates);
    }
    return make(Code::XPST0017, "there is no function " + name + "()",
                near.empty() ? "" : "did you mean '" + near + "'?");
}

Value call(const Function& function, CallContext& context, std::span<Value> arguments) {
    context.steps.take();
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const Parameter& parameter = function.parameter(i);
        if (needs_no_conversion(arguments[i], parameter.type)) continue;
        arguments[i] = convert(arguments[i], parameter.type, {function.shown, parameter.name}, context.arena,
                               context.steps);
    }
    return function.run(context, arguments);
}

Value or_context(CallContext& call, Arguments arguments) {
    if (!arguments.empty()) return arguments[0];
    if (!call.focus.present)
        fail(Code::XPDY0002, "there is no context item for a function called without arguments",
             "give it an argument");
    return call.focus.item;
}

Value node_or_context(CallContext& call, Arguments arguments) {
    const Value value = or_context(call, arguments);
    if (!value.empty() && !value.front().is_node())
        fail(Code::XPTY0004, "the context item is not a node but a value of type " +
                                 std::string(type_name(value.front().type)));
    return value;
}

}  // namespace clacks::xquery
