#include "common/xquery/values/type.hpp"

#include <array>

namespace clacks::xquery {

namespace {

struct Row {
    std::string_view name;
    Type base;
    bool evaluated;
};

// In the order of Type.
constexpr std::array<Row, kTypeCount> kRows = {{
    {"node()", Type::node, true},
    {"function(*)", Type::function, false},
    {"map(*)", Type::function, false},
    {"array(*)", Type::function, false},
    {"xs:anyAtomicType", Type::any_atomic, false},
    {"xs:numeric", Type::any_atomic, false},
    {"xs:untypedAtomic", Type::any_atomic, true},
    {"xs:anyURI", Type::any_atomic, true},
    {"xs:string", Type::any_atomic, true},
    {"xs:normalizedString", Type::string, true},
    {"xs:token", Type::normalized_string, true},
    {"xs:language", Type::token, true},
    {"xs:NMTOKEN", Type::token, true},
    {"xs:Name", Type::token, true},
    {"xs:NCName", Type::name, true},
    {"xs:ID", Type::ncname, true},
    {"xs:IDREF", Type::ncname, true},
    {"xs:ENTITY", Type::ncname, true},
    {"xs:boolean", Type::any_atomic, true},
    {"xs:decimal", Type::any_atomic, true},
    {"xs:integer", Type::decimal, true},
    {"xs:nonPositiveInteger", Type::integer, true},
    {"xs:negativeInteger", Type::non_positive_integer, true},
    {"xs:long", Type::integer, true},
    {"xs:int", Type::long_, true},
    {"xs:short", Type::int_, true},
    {"xs:byte", Type::short_, true},
    {"xs:nonNegativeInteger", Type::integer, true},
    {"xs:unsignedLong", Type::non_negative_integer, true},
    {"xs:unsignedInt", Type::unsigned_long, true},
    {"xs:unsignedShort", Type::unsigned_int, true},
    {"xs:unsignedByte", Type::unsigned_short, true},
    {"xs:positiveInteger", Type::non_negative_integer, true},
    {"xs:float", Type::any_atomic, true},
    {"xs:double", Type::any_atomic, true},
    {"xs:duration", Type::any_atomic, false},
    {"xs:yearMonthDuration", Type::duration, false},
    {"xs:dayTimeDuration", Type::duration, false},
    {"xs:dateTime", Type::any_atomic, false},
    {"xs:dateTimeStamp", Type::date_time, false},
    {"xs:time", Type::any_atomic, false},
    {"xs:date", Type::any_atomic, false},
    {"xs:gYearMonth", Type::any_atomic, false},
    {"xs:gYear", Type::any_atomic, false},
    {"xs:gMonthDay", Type::any_atomic, false},
    {"xs:gDay", Type::any_atomic, false},
    {"xs:gMonth", Type::any_atomic, false},
    {"xs:hexBinary", Type::any_atomic, false},
    {"xs:base64Binary", Type::any_atomic, false},
    {"xs:QName", Type::any_atomic, true},
    {"xs:NOTATION", Type::any_atomic, false},
}};

const Row& row(Type t) {
    return kRows[static_cast<std::size_t>(t)];
}

}  // namespace

Type base_type(Type t) {
    return row(t).base;
}

bool derives_from(Type t, Type ancestor) {
    if (ancestor == Type::numeric) return is_numeric(t) || t == Type::numeric;
    for (;;) {
        if (t == ancestor) return true;
        if (row(t).base == t) return false;
        t = row(t).base;
    }
}

std::string_view type_name(Type t) {
    return row(t).name;
}

std::optional<Type> type_named(std::string_view local) {
    for (std::size_t i = static_cast<std::size_t>(Type::any_atomic); i < kTypeCount; ++i) {
        if (kRows[i].name.substr(3) == local) return static_cast<Type>(i);
    }
    return std::nullopt;
}

bool is_evaluated(Type t) {
    return row(t).evaluated;
}

}  // namespace clacks::xquery
