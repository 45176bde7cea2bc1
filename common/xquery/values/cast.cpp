#include "common/xquery/values/cast.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "common/xml/characters.hpp"
#include "common/xquery/values/binary.hpp"
#include "common/xquery/values/date_time.hpp"
#include "common/xquery/values/describe.hpp"
#include "common/xquery/values/duration.hpp"
#include "common/xquery/values/number.hpp"
#include "common/xquery/values/text_form.hpp"

namespace clacks::xquery {

namespace {

using Outcome = std::optional<Item>;

// Primitive types, as far as casts treat them alike.
enum class Kind : std::uint8_t {
    text,
    uri,
    number,
    truth,
    duration,
    instant,  // dateTime, date, time, gYear …
    binary,
    name,
    notation,
    none,  // xs:error: no values
};

Kind kind(Type t) {
    if (t == Type::untyped_atomic || is_string(t)) return Kind::text;
    if (is_numeric(t)) return Kind::number;
    if (is_instant(t)) return Kind::instant;
    switch (t) {
        case Type::any_uri:
            return Kind::uri;
        case Type::boolean:
            return Kind::truth;
        case Type::duration:
        case Type::year_month_duration:
        case Type::day_time_duration:
            return Kind::duration;
        case Type::hex_binary:
        case Type::base64_binary:
            return Kind::binary;
        case Type::qname:
            return Kind::name;
        case Type::notation:
            return Kind::notation;
        default:
            return Kind::none;
    }
}

struct Range {
    Type type;
    Int128 least, most;
};
constexpr Int128 kMost128 = static_cast<Int128>(~UInt128{0} >> 1);
constexpr Range kRanges[] = {
    {Type::non_positive_integer, -kMost128, 0},
    {Type::negative_integer, -kMost128, -1},
    {Type::long_, std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()},
    {Type::int_, std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max()},
    {Type::short_, -32768, 32767},
    {Type::byte, -128, 127},
    {Type::non_negative_integer, 0, kMost128},
    {Type::unsigned_long, 0, std::numeric_limits<std::uint64_t>::max()},
    {Type::unsigned_int, 0, std::numeric_limits<std::uint32_t>::max()},
    {Type::unsigned_short, 0, 65535},
    {Type::unsigned_byte, 0, 255},
    {Type::positive_integer, 1, kMost128},
};

bool in_range(Int128 value, Type type) {
    for (const Range& range : kRanges) {
        if (range.type == type) return value >= range.least && value <= range.most;
    }
    return true;
}

Outcome refuse(Code code, Code& why) {
    why = code;
    return std::nullopt;
}

Outcome to_integer(Int128 value, Type target, Arena& arena, Code& why) {
    if (!in_range(value, target)) return refuse(Code::FORG0001, why);
    return make_integer(value, arena, target);
}

Outcome number_from_text(std::string_view text, Type target, Arena& arena, Code& why) {
    if (target == Type::double_) {
        const auto value = parse_double(text);
        return value ? Outcome(Item::of_double(*value)) : refuse(Code::FORG0001, why);
    }
    if (target == Type::float_) {
        const auto value = parse_float(text);
        return value ? Outcome(Item::of_float(*value)) : refuse(Code::FORG0001, why);
    }
    if (target == Type::decimal) {
        if (const auto value = parse_decimal(text)) return make_decimal(*value, arena);
        return refuse(has_decimal_form(text) ? Code::FOCA0001 : Code::FORG0001, why);
    }
    if (const auto value = parse_integer(text)) return to_integer(*value, target, arena, why);
    const bool too_long = has_decimal_form(text) && text.find('.') == std::string_view::npos;
    return refuse(too_long ? Code::FOCA0003 : Code::FORG0001, why);
}

Outcome number_from_number(const Item& item, Type target, Arena& arena, Code& why) {
    if (target == Type::double_) return Item::of_double(double_of(item));
    if (target == Type::float_) return Item::of_float(static_cast<float>(double_of(item)));
    Decimal value;
    if (is_decimal(item.type)) {
        value = decimal_of(item);
    } else {
        if (!std::isfinite(item.real)) return refuse(Code::FOCA0002, why);
        const auto exact = to_decimal(target == Type::decimal ? item.real : std::trunc(item.real));
        if (!exact) return refuse(target == Type::decimal ? Code::FOCA0001 : Code::FOCA0003, why);
        value = *exact;
    }
    if (target == Type::decimal) return make_decimal(value, arena);
    Int128 whole = value.coefficient;
    for (unsigned i = 0; i < value.scale; ++i) whole /= 10;
    return to_integer(whole, target, arena, why);
}

Outcome truth_from_text(std::string_view text, Code& why) {
    if (text == "true" || text == "1") return Item::of_bool(true);
    if (text == "false" || text == "0") return Item::of_bool(false);
    return refuse(Code::FORG0001, why);
}

Outcome name_from_text(std::string_view text, Arena& arena, NamespaceBindings namespaces, Code& why) {
    const std::size_t colon = text.find(':');
    const std::string_view prefix =
        colon == std::string_view::npos ? std::string_view() : text.substr(0, colon);
    const std::string_view local = colon == std::string_view::npos ? text : text.substr(colon + 1);
    if (!xml::is_ncname(local) || (colon != std::string_view::npos && !xml::is_ncname(prefix)))
        return refuse(Code::FORG0001, why);
    std::string_view uri;
    bool bound = prefix.empty();
    for (const auto& [known, known_uri] : namespaces) {
        if (known != prefix) continue;
        uri = known_uri;
        bound = true;
    }
    if (!bound) return refuse(Code::FONS0004, why);
    return Item::of_qname(*arena.make(QName{arena.copy(uri), arena.copy(local), arena.copy(prefix)}));
}

std::string_view text_of(const Item& item, Arena& arena) {
    switch (kind(item.type)) {
        case Kind::text:
        case Kind::uri:
            return item.text();
        case Kind::truth:
            return item.boolean() ? "true" : "false";
        case Kind::instant:
            return instant_text(item, arena);
        case Kind::duration:
            return duration_text(item, arena);
        case Kind::binary:
            return item.type == Type::hex_binary ? hex_text(item.text(), arena)
                                                 : base64_text(item.text(), arena);
        case Kind::name:
        case Kind::notation: {
            const QName& name = item.qname();
            if (name.prefix.empty()) return name.local;
            return arena.copy(std::string(name.prefix) + ":" + std::string(name.local));
        }
        default:
            break;
    }
    if (item.type == Type::double_) return to_text(item.real, arena);
    if (item.type == Type::float_) return to_text(static_cast<float>(item.real), arena);
    if (item.type == Type::decimal) return to_text(decimal_of(item), arena);
    return to_text(integer_of(item), arena);
}

Outcome to_string_type(const Item& item, Type target, Arena& arena, Code& why) {
    const std::string_view text = with_space(text_of(item, arena), target, arena);
    if (!has_string_form(text, target)) return refuse(Code::FORG0001, why);
    return Item::of_text(text, target);
}

Outcome binary_from_text(std::string_view text, Type target, Arena& arena, Code& why) {
    const auto octets = target == Type::hex_binary
                            ? parse_hex(text, arena)
                            : parse_base64(with_space(text, Type::token, arena), arena);
    if (!octets) return refuse(Code::FORG0001, why);
    return Item::of_text(*octets, target);
}

Outcome from_text(std::string_view text, Type target, Arena& arena, NamespaceBindings namespaces, Code& why) {
    text = xml::trim(text);
    switch (kind(target)) {
        case Kind::number:
            return number_from_text(text, target, arena, why);
        case Kind::truth:
            return truth_from_text(text, why);
        case Kind::duration:
            return parse_duration(text, target, arena, why);
        case Kind::instant:
            return parse_instant(text, target, why);
        case Kind::binary:
            return binary_from_text(text, target, arena, why);
        case Kind::name:
            return name_from_text(text, arena, namespaces, why);
        default:
            return Item::of_text(with_space(text, target, arena), Type::any_uri);
    }
}

// Of dateTime and date; others have no other type to become.
Outcome instant_from_instant(const Item& item, Type target, Code& why) {
    if (target == Type::date_time_stamp && !item.has_zone()) return refuse(Code::FORG0001, why);
    return make_instant(parts_of(item), target);
}

bool is_number_or_truth(Kind k) {
    return k == Kind::number || k == Kind::truth;
}

bool instants_cast(Type from, Type target) {
    if (from == target) return true;
    if (from == Type::date) return target != Type::time;
    return from == Type::date_time || from == Type::date_time_stamp;
}

}  // namespace

bool castable_type(Type from, Type target) {
    if (target == Type::numeric) target = Type::double_;
    const Kind a = kind(from);
    const Kind b = kind(target);
    if (b == Kind::none || b == Kind::notation) return from == target;
    if (a == Kind::text || b == Kind::text) return true;
    if (a == Kind::instant && b == Kind::instant) return instants_cast(from, target);
    return a == b || (is_number_or_truth(a) && is_number_or_truth(b));
}

std::optional<Item> try_cast(const Item& item, Type target, Arena& arena, NamespaceBindings namespaces,
                             Code* told) {
    Code unused{};
    Code& why = told != nullptr ? *told : unused;
    if (item.type == target) return item;
    // By far the most casts are of an event's text to a number.
    if (target == Type::double_ && kind(item.type) == Kind::text)
        return number_from_text(xml::trim(item.text()), target, arena, why);
    if (target == Type::numeric) {  // a union, whose first member that takes the value counts
        if (is_numeric(item.type)) return item;
        target = Type::double_;
    }
    if (target == Type::error) return refuse(Code::FORG0001, why);
    if (!castable_type(item.type, target)) return refuse(Code::XPTY0004, why);
    if (kind(target) == Kind::text) return to_string_type(item, target, arena, why);
    switch (kind(item.type)) {
        case Kind::text:
            return from_text(item.text(), target, arena, namespaces, why);
        case Kind::truth:
            return number_from_number(Item::of_integer(item.boolean() ? 1 : 0), target, arena, why);
        case Kind::number:
            if (target == Type::boolean) return Item::of_bool(!is_nan(item) && double_of(item) != 0);
            return number_from_number(item, target, arena, why);
        case Kind::duration:
            return make_duration(duration_of(item), target, arena);
        case Kind::instant:
            return instant_from_instant(item, target, why);
        case Kind::binary:
            return Item::of_text(item.text(), target);
        default:
            return item;
    }
}

Item cast(const Item& item, Type target, Arena& arena, NamespaceBindings namespaces) {
    Code why{};
    if (const auto result = try_cast(item, target, arena, namespaces, &why)) return *result;
    const std::string wanted(type_name(target));
    switch (why) {
        case Code::XPTY0004:
            fail(why, describe(item) + " can never be cast to " + wanted, "cast it to xs:string first");
        case Code::FONS0004:
            fail(why, "the prefix in " + describe(item) + " is not bound to a namespace",
                 "declare it in the prolog");
        case Code::FORG0001:
            fail(why, describe(item) + " is not a valid " + wanted,
                 "test with 'castable as " + wanted + "' first");
        case Code::FODT0001:
        case Code::FODT0002:
            fail(why, describe(item) + " is too large for " + wanted);
        default:
            fail(why, describe(item) + " does not fit " + wanted, "use xs:double for larger numbers");
    }
}

Value cast_list(const Item& item, Type member, Arena& arena) {
    if (!is_string(item.type) && item.type != Type::untyped_atomic) {
        fail(Code::XPTY0004,
             describe(item) + " can never be cast to a list of " + std::string(type_name(member)),
             "cast it to xs:string first");
    }
    std::string_view rest = with_space(item.text(), Type::token, arena);
    if (rest.empty())
        fail(Code::FORG0001, "a list of " + std::string(type_name(member)) + " has at least one member");
    SequenceBuilder out(arena);
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find(' '), rest.size());
        out.add(cast(Item::of_text(rest.substr(0, end)), member, arena));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return out.value();
}

}  // namespace clacks::xquery
