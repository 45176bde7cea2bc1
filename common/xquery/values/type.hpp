// The kinds of item of the data model (XDM 3.1, section 2) and the built-in atomic types of XML Schema
// 1.1 as one enumeration, so that an item carries its type in one byte.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace clacks::xquery {

enum class Type : std::uint8_t {
    node,
    function,
    map,
    array,
    // Atomic from here on. The first three are types of sequences, never of items; error has no values.
    any_atomic,
    numeric,
    error,
    untyped_atomic,
    any_uri,
    string,  // and what is derived from it
    normalized_string,
    token,
    language,
    nmtoken,
    name,
    ncname,
    id,
    idref,
    entity,
    boolean,
    decimal,  // a decimal, but for the integers
    integer,  // and what is derived from it
    non_positive_integer,
    negative_integer,
    long_,
    int_,
    short_,
    byte,
    non_negative_integer,
    unsigned_long,
    unsigned_int,
    unsigned_short,
    unsigned_byte,
    positive_integer,
    float_,
    double_,
    duration,
    year_month_duration,
    day_time_duration,
    date_time,
    date_time_stamp,
    time,
    date,
    g_year_month,
    g_year,
    g_month_day,
    g_day,
    g_month,
    hex_binary,
    base64_binary,
    qname,
    notation,
};
inline constexpr std::size_t kTypeCount = static_cast<std::size_t>(Type::notation) + 1;

constexpr bool is_atomic(Type t) {
    return t >= Type::any_atomic;
}
// Functions, and maps and arrays, which are functions too.
constexpr bool is_function(Type t) {
    return t == Type::function || t == Type::map || t == Type::array;
}
constexpr bool is_string(Type t) {
    return t >= Type::string && t <= Type::entity;
}
constexpr bool is_integer(Type t) {
    return t >= Type::integer && t <= Type::positive_integer;
}
constexpr bool is_decimal(Type t) {
    return t >= Type::decimal && t <= Type::positive_integer;
}  // integers too
constexpr bool is_numeric(Type t) {
    return t >= Type::decimal && t <= Type::double_;
}
// Values held as text: string and derived types, untypedAtomic, anyURI.
constexpr bool is_textual(Type t) {
    return t >= Type::untyped_atomic && t <= Type::entity;
}

// The type it is derived from, as xs:token from xs:normalizedString; any_atomic at the top.
Type base_type(Type t);
// Whether `t` is `ancestor` or derived from it; numeric is the union of decimal, float and double.
bool derives_from(Type t, Type ancestor);
// "xs:integer", "node()", "function(*)" …
std::string_view type_name(Type t);
// By local name in the XML Schema namespace ("integer"); none for unknown names.
std::optional<Type> type_named(std::string_view local);
// The type of the members of a built-in list type ("NMTOKENS"); none for other names.
std::optional<Type> list_member(std::string_view local);

}  // namespace clacks::xquery
