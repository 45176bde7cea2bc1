#include "common/xquery/values/type.hpp"

#include <array>

namespace clacks::xquery {

namespace {

struct Row {
    std::string_view name;
    Type base;
};

// In the order of Type.
constexpr std::array<Row, kTypeCount> kRows = {{
    {"node()", Type::node},
    {"function(*)", Type::function},
    {"map(*)", Type::function},
    {"array(*)", Type::function},
    {"xs:anyAtomicType", Type::any_atomic},
    {"xs:numeric", Type::any_atomic},
    {"xs:error", Type::any_atomic},
    {"xs:untypedAtomic", Type::any_atomic},
    {"xs:anyURI", Type::any_atomic},
    {"xs:string", Type::any_atomic},
    {"xs:normalizedString", Type::string},
    {"xs:token", Type::normalized_string},
    {"xs:language", Type::token},
    {"xs:NMTOKEN", Type::token},
    {"xs:Name", Type::token},
    {"xs:NCName", Type::name},
    {"xs:ID", Type::ncname},
    {"xs:IDREF", Type::ncname},
    {"xs:ENTITY", Type::ncname},
    {"xs:boolean", Type::any_atomic},
    {"xs:decimal", Type::any_atomic},
    {"xs:integer", Type::decimal},
    {"xs:nonPositiveInteger", Type::integer},
    {"xs:negativeInteger", Type::non_positive_integer},
    {"xs:long", Type::integer},
    {"xs:int", Type::long_},
    {"xs:short", Type::int_},
    {"xs:byte", Type::short_},
    {"xs:nonNegativeInteger", Type::integer},
    {"xs:unsignedLong", Type::non_negative_integer},
    {"xs:unsignedInt", Type::unsigned_long},
    {"xs:unsignedShort", Type::unsigned_int},
    {"xs:unsignedByte", Type::unsigned_short},
    {"xs:positiveInteger", Type::non_negative_integer},
    {"xs:float", Type::any_atomic},
    {"xs:double", Type::any_atomic},
    {"xs:duration", Type::any_atomic},
    {"xs:yearMonthDuration", Type::duration},
    {"xs:dayTimeDuration", Type::duration},
    {"xs:dateTime", Type::any_atomic},
    {"xs:dateTimeStamp", Type::date_time},
    {"xs:time", Type::any_atomic},
    {"xs:date", Type::any_atomic},
    {"xs:gYearMonth", Type::any_atomic},
    {"xs:gYear", Type::any_atomic},
    {"xs:gMonthDay", Type::any_atomic},
    {"xs:gDay", Type::any_atomic},
    {"xs:gMonth", Type::any_atomic},
    {"xs:hexBinary", Type::any_atomic},
    {"xs:base64Binary", Type::any_atomic},
    {"xs:QName", Type::any_atomic},
    {"xs:NOTATION", Type::any_atomic},
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

std::optional<Type> list_member(std::string_view local) {
    if (local == "NMTOKENS") return Type::nmtoken;
    if (local == "IDREFS") return Type::idref;
    if (local == "ENTITIES") return Type::entity;
    return std::nullopt;
}

}  // namespace clacks::xquery
