// Constructor functions (Functions and Operators 3.1, 18): xs:TYPE($value) for every built-in type but the
// abstract ones.
#include <array>

#include "common/xquery/functions/family.hpp"
#include "common/xquery/values/cast.hpp"

namespace clacks::xquery {

namespace {

template <Type type>
Value construct(CallContext& call, Arguments arguments) {
    if (arguments[0].empty()) return {};
    return cast(arguments[0].front(), type, call.arena, call.statics->namespaces);
}

template <Type member>
Value construct_list(CallContext& call, Arguments arguments) {
    if (arguments[0].empty()) return {};
    call.steps.take(cost(arguments[0].front()));
    return cast_list(arguments[0].front(), member, call.arena);
}

#define CLACKS_CONSTRUCTOR(name, type)                                                     \
    {                                                                                      \
        "xs:" name "($value as xs:anyAtomicType?) as xs:" name "?", construct<Type::type>, \
            Type::type == Type::qname ? kNamespaces : kPure, Intrinsic::constructor        \
    }

const FunctionRow kRows[] = {
    CLACKS_CONSTRUCTOR("untypedAtomic", untyped_atomic),
    CLACKS_CONSTRUCTOR("anyURI", any_uri),
    CLACKS_CONSTRUCTOR("string", string),
    CLACKS_CONSTRUCTOR("normalizedString", normalized_string),
    CLACKS_CONSTRUCTOR("token", token),
    CLACKS_CONSTRUCTOR("language", language),
    CLACKS_CONSTRUCTOR("NMTOKEN", nmtoken),
    CLACKS_CONSTRUCTOR("Name", name),
    CLACKS_CONSTRUCTOR("NCName", ncname),
    CLACKS_CONSTRUCTOR("ID", id),
    CLACKS_CONSTRUCTOR("IDREF", idref),
    CLACKS_CONSTRUCTOR("ENTITY", entity),
    CLACKS_CONSTRUCTOR("boolean", boolean),
    CLACKS_CONSTRUCTOR("decimal", decimal),
    CLACKS_CONSTRUCTOR("integer", integer),
    CLACKS_CONSTRUCTOR("nonPositiveInteger", non_positive_integer),
    CLACKS_CONSTRUCTOR("negativeInteger", negative_integer),
    CLACKS_CONSTRUCTOR("long", long_),
    CLACKS_CONSTRUCTOR("int", int_),
    CLACKS_CONSTRUCTOR("short", short_),
    CLACKS_CONSTRUCTOR("byte", byte),
    CLACKS_CONSTRUCTOR("nonNegativeInteger", non_negative_integer),
    CLACKS_CONSTRUCTOR("unsignedLong", unsigned_long),
    CLACKS_CONSTRUCTOR("unsignedInt", unsigned_int),
    CLACKS_CONSTRUCTOR("unsignedShort", unsigned_short),
    CLACKS_CONSTRUCTOR("unsignedByte", unsigned_byte),
    CLACKS_CONSTRUCTOR("positiveInteger", positive_integer),
    CLACKS_CONSTRUCTOR("float", float_),
    CLACKS_CONSTRUCTOR("double", double_),
    CLACKS_CONSTRUCTOR("duration", duration),
    CLACKS_CONSTRUCTOR("yearMonthDuration", year_month_duration),
    CLACKS_CONSTRUCTOR("dayTimeDuration", day_time_duration),
    CLACKS_CONSTRUCTOR("dateTime", date_time),
    CLACKS_CONSTRUCTOR("dateTimeStamp", date_time_stamp),
    CLACKS_CONSTRUCTOR("time", time),
    CLACKS_CONSTRUCTOR("date", date),
    CLACKS_CONSTRUCTOR("gYearMonth", g_year_month),
    CLACKS_CONSTRUCTOR("gYear", g_year),
    CLACKS_CONSTRUCTOR("gMonthDay", g_month_day),
    CLACKS_CONSTRUCTOR("gDay", g_day),
    CLACKS_CONSTRUCTOR("gMonth", g_month),
    CLACKS_CONSTRUCTOR("hexBinary", hex_binary),
    CLACKS_CONSTRUCTOR("base64Binary", base64_binary),
    CLACKS_CONSTRUCTOR("QName", qname),
    CLACKS_CONSTRUCTOR("numeric", numeric),
    CLACKS_CONSTRUCTOR("error", error),
    {"xs:NMTOKENS($value as xs:anyAtomicType?) as xs:NMTOKEN*", construct_list<Type::nmtoken>},
    {"xs:IDREFS($value as xs:anyAtomicType?) as xs:IDREF*", construct_list<Type::idref>},
    {"xs:ENTITIES($value as xs:anyAtomicType?) as xs:ENTITY*", construct_list<Type::entity>},
};

#undef CLACKS_CONSTRUCTOR

}  // namespace

std::span<const FunctionRow> constructor_functions() {
    return kRows;
}

}  // namespace clacks::xquery
