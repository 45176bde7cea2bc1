#include "common/xquery/plan/static_type.hpp"

#include <array>
#include <optional>
#include <string_view>

namespace clacks::xquery::plan {

namespace {

using Kind = ItemType::Kind;

constexpr std::size_t kFirstActual = static_cast<std::size_t>(Type::untyped_atomic);

// Of an atomic type and all that is derived from it.
Kinds kinds_of_atomic(Type type) {
    static const auto table = [] {
        std::array<Kinds, kTypeCount> made{};
        for (std::size_t of = static_cast<std::size_t>(Type::any_atomic); of < kTypeCount; ++of) {
            for (std::size_t t = kFirstActual; t < kTypeCount; ++t) {
                if (derives_from(static_cast<Type>(t), static_cast<Type>(of)))
                    made[of] |= kind_of(static_cast<Type>(t));
            }
        }
        return made;
    }();
    return table[static_cast<std::size_t>(type)];
}

// The type that arithmetic treats values of this kind as.
Type promoted(Type type) {
    if (type == Type::untyped_atomic) return Type::double_;
    if (is_integer(type)) return Type::integer;
    return type == Type::date_time_stamp ? Type::date_time : type;
}

bool is_ordered_duration(Type type) {
    return type == Type::year_month_duration || type == Type::day_time_duration;
}

bool counts(Type type) {
    return type == Type::date_time || type == Type::date || type == Type::time;
}

std::optional<Type> number_result(Arithmetic op, Type a, Type b) {
    if (op == Arithmetic::integer_divide) return Type::integer;
    for (const Type wide : {Type::double_, Type::float_}) {
        if (a == wide || b == wide) return wide;
    }
    const bool integers = a == Type::integer && b == Type::integer && op != Arithmetic::divide;
    return integers ? Type::integer : Type::decimal;
}

// A date, dateTime or time moved by a duration.
std::optional<Type> moved(Type instant, Type duration) {
    if (!counts(instant) || (instant == Type::time && duration == Type::year_month_duration))
        return std::nullopt;
    return instant;
}

// Of promoted types (Functions and Operators 3.1, 4.2, 8.4 and 9.7).
std::optional<Type> result_of(Arithmetic op, Type a, Type b) {
    if (is_numeric(a) && is_numeric(b)) return number_result(op, a, b);
    switch (op) {
        case Arithmetic::add:
            if (is_ordered_duration(a) && a == b) return a;
            if (is_ordered_duration(b)) return moved(a, b);
            return is_ordered_duration(a) ? moved(b, a) : std::nullopt;
        case Arithmetic::subtract:
            if (is_ordered_duration(a) && a == b) return a;
            if (is_ordered_duration(b)) return moved(a, b);
            return counts(a) && a == b ? std::optional(Type::day_time_duration) : std::nullopt;
        case Arithmetic::multiply:
            if (is_ordered_duration(a) && is_numeric(b)) return a;
            return is_ordered_duration(b) && is_numeric(a) ? std::optional(b) : std::nullopt;
        case Arithmetic::divide:
            if (is_ordered_duration(a) && is_numeric(b)) return a;
            return is_ordered_duration(a) && a == b ? std::optional(Type::decimal) : std::nullopt;
        default:
            return std::nullopt;
    }
}

// The kinds that arithmetic tells apart.
Kinds promoted_kinds(Kinds kinds) {
    Kinds result = kNothing;
    for (std::size_t t = kFirstActual; t < kTypeCount; ++t) {
        const auto type = static_cast<Type>(t);
        if ((kinds & kind_of(type)) != 0) result |= kind_of(promoted(type));
    }
    return result;
}

bool is_plain(const ItemType& type) {
    return !type.has_name && !type.of_element && !type.never && type.inner == nullptr;
}

std::string_view name_of(xml::NodeKind kind) {
    constexpr std::string_view kNames[] = {"document-node()", "element()", "attribute()",
                                           "text()",          "comment()", "processing-instruction()",
                                           "namespace-node()"};
    return kNames[static_cast<std::size_t>(kind)];
}

// Whether the type is derived from another one of the set.
bool is_implied(Type type, Kinds kinds) {
    for (Type base = base_type(type); base > Type::error; base = base_type(base)) {
        if ((kinds & kind_of(base)) != 0) return true;
    }
    return false;
}

}  // namespace

Kinds kinds_of(const Item& item) {
    return item.is_node() ? kind_of(item.node_kind()) : kind_of(item.type);
}

Kinds kinds_of(const ItemType& type) {
    switch (type.kind) {
        case Kind::item:
            return kAnything;
        case Kind::node:
            return kNodes;
        case Kind::document:
            return kDocument;
        case Kind::element:
            return kElement;
        case Kind::attribute:
            return kAttribute;
        case Kind::text:
            return kind_of(xml::NodeKind::text);
        case Kind::comment:
            return kind_of(xml::NodeKind::comment);
        case Kind::processing_instruction:
            return kind_of(xml::NodeKind::processing_instruction);
        case Kind::namespace_node:
            return kind_of(xml::NodeKind::namespace_node);
        case Kind::atomic:
            return kinds_of_atomic(type.atomic);
        case Kind::function:
            return kFunctions;
        case Kind::map:
            return kind_of(Type::map);
        case Kind::array:
            return kind_of(Type::array);
    }
    return kAnything;
}

StaticType static_type_of(const SequenceType& type) {
    StaticType known;
    known.kinds = type.empty ? kNothing : kinds_of(type.item);
    known.at_most_one = !type.allows_many();
    known.at_least_one = !type.allows_empty();
    return known;
}

StaticType static_type_of(const Value& value) {
    StaticType known;
    known.kinds = kNothing;
    if (value.is_range()) {
        known.kinds = kind_of(Type::integer);
    } else {
        for (const Item item : value) known.kinds |= kinds_of(item);
    }
    known.at_most_one = value.size() <= 1;
    known.at_least_one = !value.empty();
    known.at_least_two = value.size() > 1;
    return known;
}

StaticType item_of(const StaticType& sequence) {
    return {sequence.kinds, true, true, false};
}

StaticType either(const StaticType& a, const StaticType& b) {
    return {a.kinds | b.kinds, a.at_most_one && b.at_most_one, a.at_least_one && b.at_least_one,
            a.at_least_two && b.at_least_two};
}

StaticType followed_by(const StaticType& first, const StaticType& second) {
    if (first.is_empty()) return second;
    if (second.is_empty()) return first;
    return {first.kinds | second.kinds, false, first.at_least_one || second.at_least_one,
            first.at_least_two || second.at_least_two || (first.at_least_one && second.at_least_one)};
}

StaticType atomized(const StaticType& type) {
    // An array may hold any number of anything.
    if ((type.kinds & kind_of(Type::array)) != 0) return {kAtomic, false, false, false};
    StaticType result = type;
    result.kinds = type.kinds & kAtomic;
    constexpr Kinds kUntyped = kDocument | kElement | kAttribute | kind_of(xml::NodeKind::text);
    if ((type.kinds & kUntyped) != 0) result.kinds |= kind_of(Type::untyped_atomic);
    if ((type.kinds & kNodes & ~kUntyped) != 0) result.kinds |= kind_of(Type::string);
    return result;
}

Kinds arithmetic_kinds(Arithmetic op, Kinds left, Kinds right) {
    const Kinds a = promoted_kinds(atomized({left}).kinds), b = promoted_kinds(atomized({right}).kinds);
    Kinds result = kNothing;
    for (std::size_t x = kFirstActual; x < kTypeCount; ++x) {
        if ((a & kind_of(static_cast<Type>(x))) == 0) continue;
        for (std::size_t y = kFirstActual; y < kTypeCount; ++y) {
            if ((b & kind_of(static_cast<Type>(y))) == 0) continue;
            if (const auto type = result_of(op, static_cast<Type>(x), static_cast<Type>(y)))
                result |= kind_of(*type);
        }
    }
    return result;
}

Kinds sign_kinds(Kinds operand) {
    return promoted_kinds(atomized({operand}).kinds) & kNumbers;
}

bool surely_matches(const StaticType& given, const SequenceType& type) {
    if (type.empty) return given.is_empty();
    if (given.is_empty() && !given.at_least_one) return type.allows_empty();
    if (!given.at_least_one && !type.allows_empty()) return false;
    if (!given.at_most_one && !type.allows_many()) return false;
    if (type.item.kind == Kind::item) return true;
    return is_plain(type.item) && (given.kinds & ~kinds_of(type.item)) == 0;
}

bool may_match(const StaticType& given, const SequenceType& type) {
    if (!given.at_least_one && type.allows_empty()) return true;
    if (type.empty || (given.at_least_two && !type.allows_many())) return false;
    const Kinds wanted = kinds_of(type.item);
    if (wanted == kNothing) return true;  // xs:error, the type of what fails
    return (given.kinds & wanted) != 0 && !type.item.never;
}

std::string to_string(Kinds kinds) {
    constexpr int kMost = 3;
    if (kinds == kNothing) return "empty-sequence()";
    if ((kinds & kAnything) == kAnything) return "item()";
    std::string out;
    int count = 0;
    const auto add = [&](std::string_view name) {
        if (++count > kMost) return;
        out += (count > 1 ? " or " : "") + std::string(name);
    };
    if ((kinds & kNodes) == kNodes) {
        add("node()");
    } else {
        for (unsigned k = 0; k < 7; ++k) {
            const auto kind = static_cast<xml::NodeKind>(k);
            if ((kinds & kind_of(kind)) != 0) add(name_of(kind));
        }
    }
    for (const Type type : {Type::function, Type::map, Type::array}) {
        if ((kinds & kind_of(type)) != 0) add(type_name(type));
    }
    if ((kinds & kAtomic) == kAtomic) {
        add("xs:anyAtomicType");
    } else if ((kinds & kNumbers) == kNumbers) {
        add("a number");
        kinds &= ~kNumbers;
    }
    for (std::size_t t = kFirstActual; t < kTypeCount && (kinds & kAtomic) != kAtomic; ++t) {
        const auto type = static_cast<Type>(t);
        if ((kinds & kind_of(type)) != 0 && !is_implied(type, kinds)) add(type_name(type));
    }
    return count > kMost ? out + " or others" : out;
}

}  // namespace clacks::xquery::plan
