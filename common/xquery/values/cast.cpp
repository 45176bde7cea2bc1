#include "common/xquery/values/cast.hpp"

#include <cmath>
#include <limits>

#include "common/xml/characters.hpp"
#include "common/xquery/values/date_time.hpp"
#include "common/xquery/values/describe.hpp"
#include "common/xquery/values/number.hpp"

namespace clacks::xquery {

namespace {

using Outcome = std::optional<Item>;

// Primitive types that casts between evaluated types distinguish.
enum class Kind : std::uint8_t { text, uri, number, truth, instant, name, other };

Kind kind(Type t) {
    if (t == Type::untyped_atomic || is_string(t)) return Kind::text;
    if (t == Type::any_uri) return Kind::uri;
    if (is_numeric(t)) return Kind::number;
    if (t == Type::boolean) return Kind::truth;
    if (t == Type::date_time) return Kind::instant;
    if (t == Type::qname) return Kind::name;
    return Kind::other;
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

// White space as the type's whiteSpace facet wants it.
std::string_view with_space(std::string_view text, Type target, Arena& arena) {
    if (target == Type::string || target == Type::untyped_atomic) return text;
    std::string out;
    bool changed = false;
    const bool collapse = target != Type::normalized_string;
    for (const char c : text) {
        const bool space = xml::is_space(c);
        if (space && collapse && (out.empty() || out.back() == ' ')) {
            changed = true;
            continue;
        }
        changed = changed || (space && c != ' ');
        out += space ? ' ' : c;
    }
    if (collapse && !out.empty() && out.back() == ' ') {
        out.pop_back();
        changed = true;
    }
    return changed ? arena.copy(out) : text;
}

bool is_name(std::string_view text, bool any_start) {
    for (std::size_t at = 0; at < text.size();) {
        const xml::CodePoint c = xml::code_point_at(text, at);
        const bool good = c.value == ':' ||
                          (at == 0 && !any_start ? xml::is_name_start(c.value) : xml::is_name_char(c.value));
        if (!good) return false;
        at += c.bytes;
    }
    return !text.empty();
}

// [a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*
bool is_language(std::string_view text) {
    std::size_t length = 0;
    bool first = true;
    for (const char c : text) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        const bool digit = c >= '0' && c <= '9';
        if (c == '-') {
            if (length == 0) return false;
            length = 0;
            first = false;
        } else if (!(letter || (digit && !first)) || ++length > 8) {
            return false;
        }
    }
    return length > 0;
}

bool has_string_form(std::string_view text, Type target) {
    switch (target) {
        case Type::language:
            return is_language(text);
        case Type::nmtoken:
            return is_name(text, true);
        case Type::name:
            return is_name(text, false);
        case Type::ncname:
        case Type::id:
        case Type::idref:
        case Type::entity:
            return xml::is_ncname(text);
        default:
            return true;
    }
}

std::string_view text_of(const Item& item, Arena& arena) {
    switch (kind(item.type)) {
        case Kind::text:
        case Kind::uri:
            return item.text();
        case Kind::truth:
            return item.boolean() ? "true" : "false";
        case Kind::instant:
            return date_time_text(item.integer * 1000 + item.nanoseconds() / 1'000'000, arena);
        case Kind::name: {
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

Outcome from_text(std::string_view text, Type target, Arena& arena, NamespaceBindings namespaces, Code& why) {
    text = xml::trim(text);
    switch (kind(target)) {
        case Kind::number:
            return number_from_text(text, target, arena, why);
        case Kind::truth:
            return truth_from_text(text, why);
        case Kind::name:
            return name_from_text(text, arena, namespaces, why);
        case Kind::uri:
            return Item::of_text(with_space(text, target, arena), Type::any_uri);
        default:
            return refuse(Code::not_supported, why);
    }
}

}  // namespace

bool castable_type(Type from, Type target) {
    if (target == Type::numeric) target = Type::double_;
    const Kind a = kind(from);
    const Kind b = kind(target);
    if (a == Kind::other || b == Kind::other) return from == target;
    if (a == b || b == Kind::text || a == Kind::text) return true;
    const bool numeric = (a == Kind::number || a == Kind::truth) && (b == Kind::number || b == Kind::truth);
    return numeric;
}

std::optional<Item> try_cast(const Item& item, Type target, Arena& arena, NamespaceBindings namespaces,
                             Code* told) {
    Code unused{};
    Code& why = told != nullptr ? *told : unused;
    if (item.type == target) return item;
    if (target == Type::numeric) {  // a union, whose first member that takes the value counts
        if (is_numeric(item.type)) return item;
        target = Type::double_;
    }
    if (!is_evaluated(target)) return refuse(Code::not_supported, why);
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
        default:
            return item;
    }
}

Item cast(const Item& item, Type target, Arena& arena, NamespaceBindings namespaces) {
    Code why{};
    if (const auto result = try_cast(item, target, arena, namespaces, &why)) return *result;
    const std::string wanted(type_name(target));
    switch (why) {
        case Code::not_supported:
            fail(why,
                 describe(item) + " cannot become a value of type " + wanted + ", which is not evaluated yet",
                 "values of xs:dateTime come from external variables; compare others as text");
        case Code::XPTY0004:
            fail(why, describe(item) + " can never be cast to " + wanted, "cast it to xs:string first");
        case Code::FONS0004:
            fail(why, "the prefix in " + describe(item) + " is not bound to a namespace",
                 "declare it in the prolog");
        case Code::FORG0001:
            fail(why, describe(item) + " is not a valid " + wanted,
                 "test with 'castable as " + wanted + "' first");
        default:
            fail(why, describe(item) + " does not fit " + wanted, "use xs:double for larger numbers");
    }
}

}  // namespace clacks::xquery
