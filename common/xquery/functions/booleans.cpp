// Booleans (Functions and Operators 3.1, 7) and errors (3).
#include "common/xquery/functions/family.hpp"

namespace clacks::xquery {

namespace {

Value true_(CallContext&, Arguments) {
    return Item::of_bool(true);
}

Value false_(CallContext&, Arguments) {
    return Item::of_bool(false);
}

Value boolean(CallContext&, Arguments arguments) {
    return Item::of_bool(effective_boolean_value(arguments[0]));
}

Value not_(CallContext&, Arguments arguments) {
    return Item::of_bool(!effective_boolean_value(arguments[0]));
}

Value error(CallContext& call, Arguments arguments) {
    Error thrown{Code::FOER0000, "the query called error()", {}, "FOER0000"};
    if (!arguments.empty() && !arguments[0].empty()) {
        const QName& code = arguments[0].front().qname();
        thrown.name = code.local;
        thrown.uri = code.uri;
        thrown.prefix = code.prefix;
    }
    if (arguments.size() > 1) thrown.message = arguments[1].front().text();
    if (arguments.size() > 2) thrown.value = call.arena.make(arguments[2]);
    throw thrown;
}

const FunctionRow kRows[] = {
    {"fn:true() as xs:boolean", true_, kPure, Intrinsic::true_},
    {"fn:false() as xs:boolean", false_, kPure, Intrinsic::false_},
    {"fn:boolean($input as item()*) as xs:boolean", boolean, kPure, Intrinsic::boolean},
    {"fn:not($input as item()*) as xs:boolean", not_, kPure, Intrinsic::not_},
    {"fn:error([$code as xs:QName?, $description as xs:string, $value as item()*]) as item()*", error,
     kCreates},
};

}  // namespace

std::span<const FunctionRow> boolean_functions() {
    return kRows;
}

}  // namespace clacks::xquery
