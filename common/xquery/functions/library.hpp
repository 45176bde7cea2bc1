// The function library: tables with one row a function (Functions and Operators 3.1), looked up by
// name and number of arguments. A row's signature is text that people read too; arity, parameter
// names and the conversion of arguments come from it.
//
// Adding a function: a row in its family's table and a C++ function of type Implementation.
// Thread safety: the library is immutable once made.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/xquery/functions/decimal_format.hpp"
#include "common/xquery/values/call_context.hpp"
#include "common/xquery/values/error.hpp"
#include "common/xquery/values/sequence.hpp"
#include "common/xquery/values/sequence_type.hpp"

namespace clacks::xquery {

inline constexpr std::string_view kFnNamespace = "http://www.w3.org/2005/xpath-functions";
inline constexpr std::string_view kMathNamespace = "http://www.w3.org/2005/xpath-functions/math";
inline constexpr std::string_view kMapNamespace = "http://www.w3.org/2005/xpath-functions/map";
inline constexpr std::string_view kArrayNamespace = "http://www.w3.org/2005/xpath-functions/array";
inline constexpr std::string_view kXsNamespace = "http://www.w3.org/2001/XMLSchema";
inline constexpr std::string_view kXsiNamespace = "http://www.w3.org/2001/XMLSchema-instance";
inline constexpr std::string_view kLocalNamespace = "http://www.w3.org/2005/xquery-local-functions";
// What a function depends on beside its arguments; a bit set.
enum Effect : std::uint16_t {
    kPure = 0,
    kContextItem = 1,
    kPosition = 2,
    kLast = 4,
    kNondeterministic = 8,  // not to be evaluated at compile time or moved
    kCollation = 16,        // the default collation
    kNamespaces = 32,       // the statically known namespaces
    kBaseUri = 64,
    kContextItemIfOmitted = 128,  // only when called with fewer arguments than there are parameters
    kCreates = 256,               // identity or errors: each call counts
    kOutside = 512,               // the resolver; a static error without one
    kUnsettled = 1024,            // calls a declared function of which not all is known yet
};
// All that the focus gives.
inline constexpr std::uint16_t kFocus = kContextItem | kPosition | kLast;
// What calling a function may do of which nothing is known. Of the other effects none passes from a function
// to its caller: it has a focus and a static context of its own.
inline constexpr std::uint16_t kAnyCall = kNondeterministic | kCreates | kOutside;

// Functions for which a plan may have an operator of its own.
enum class Intrinsic : std::uint8_t {
    none,
    position,
    last,
    true_,
    false_,
    not_,
    boolean,
    empty,
    exists,
    count,
    string,
    data,
    number,
    name,
    local_name,
    namespace_uri,
    root,
    starts_with,
    ends_with,
    contains,
    concat,
    string_join,
    string_length,
    normalize_space,
    head,
    tail,
    zero_or_one,
    one_or_more,
    exactly_one,
    subsequence,
    reverse,
    unordered,
    sum,
    min,
    max,
    avg,
    distinct_values,
    regex,        // a regular expression is the second argument, its flags are the last
    constructor,  // xs:TYPE; Function::result.item.atomic is the type
};

// Arguments come converted to the parameters' types.
using Implementation = Value (*)(CallContext& context, std::span<const Value> arguments);

// One row of a table. In a signature optional parameters stand in brackets, each by itself or all
// together ("$a as T [, $b as U]"), and "..." repeats the last parameter.
struct FunctionRow {
    std::string_view signature;
    Implementation run;
    std::uint16_t effects = kPure;
    Intrinsic intrinsic = Intrinsic::none;
};

struct Parameter {
    std::string_view name;
    SequenceType type;
    // Whose argument the function may call.
    bool takes_function() const { return type.item.kind == ItemType::Kind::function; }
};

struct Function {
    std::string_view signature;
    std::string_view shown;  // "fn:substring"
    std::string_view uri;
    std::string_view local;
    std::vector<Parameter> parameters;
    unsigned min_arity = 0;
    unsigned max_arity = 0;  // kUnbounded for fn:concat
    SequenceType result;
    Implementation run = nullptr;
    std::uint16_t effects = kPure;
    Intrinsic intrinsic = Intrinsic::none;

    static constexpr unsigned kUnbounded = ~0u;
    const Parameter& parameter(std::size_t i) const {
        return parameters[i < parameters.size() ? i : parameters.size() - 1];
    }
    bool uses_context_item(std::size_t arity) const {
        return (effects & kContextItem) != 0 ||
               ((effects & kContextItemIfOmitted) != 0 && arity < parameters.size());
    }
};

// The function with this expanded name and number of arguments, or null.
const Function* find_function(std::string_view uri, std::string_view local, std::size_t arity);
// That a function reaches outside (fn:doc …) and a query without a resolver cannot.
Error outside_access(std::string_view shown);
// Why find_function found none: XPST0017 with the arities there are or the nearest name, outside_access
// for those of outside_names().
// `shown` is the name as the query wrote it.
Error explain_missing(std::string_view uri, std::string_view local, std::size_t arity,
                      std::string_view shown);
// All functions, in the order of the tables.
std::span<const Function> all_functions();

// Converts the arguments in place and runs the function. One step plus what the function takes.
Value call(const Function& function, CallContext& context, std::span<Value> arguments);

}  // namespace clacks::xquery
