// Static types: what is known of an expression's value before it is evaluated (XQuery 3.1, 2.2.3.1). Every
// operator has one (Operator::traits). Types are optimistic: a value may always be of a narrower type, never
// of another one.
//
// An item type is a set of the kinds that an item can be of: the kinds of node, function, map, array, and
// each atomic type by itself, so that xs:decimal is the set of itself and what is derived from it. Names of
// nodes and what is inside functions, maps and arrays are left out.
//
// All functions are pure and may be called by any thread.
#pragma once

#include <cstdint>
#include <string>

#include "common/xquery/values/arithmetic.hpp"
#include "common/xquery/values/compare.hpp"
#include "common/xquery/values/sequence_type.hpp"

namespace clacks::xquery::plan {

// A set: one bit a kind of node (in the order of xml::NodeKind), then function, map, array, then the atomic
// types that items have, in the order of Type.
using Kinds = std::uint64_t;

constexpr Kinds kind_of(xml::NodeKind kind) {
    return Kinds{1} << static_cast<unsigned>(kind);
}
// Of an item that has this very type; not for Type::node.
constexpr Kinds kind_of(Type type) {
    constexpr unsigned kNodeKinds = 7;
    constexpr unsigned kFirstAtomic = kNodeKinds + 3;
    const auto number = static_cast<unsigned>(type);
    if (type < Type::any_atomic) return Kinds{1} << (kNodeKinds + number - 1);
    return Kinds{1} << (kFirstAtomic + number - static_cast<unsigned>(Type::untyped_atomic));
}
constexpr Kinds kinds_between(Type first, Type last) {
    return (kind_of(last) << 1) - kind_of(first);
}

inline constexpr Kinds kNothing = 0;
inline constexpr Kinds kNodes = kind_of(Type::function) - 1;
inline constexpr Kinds kFunctions = kinds_between(Type::function, Type::array);
inline constexpr Kinds kAtomic = kinds_between(Type::untyped_atomic, Type::notation);
inline constexpr Kinds kBooleans = kind_of(Type::boolean);
inline constexpr Kinds kNumbers = kinds_between(Type::decimal, Type::double_);
inline constexpr Kinds kIntegers = kinds_between(Type::integer, Type::positive_integer);
inline constexpr Kinds kTexts = kinds_between(Type::untyped_atomic, Type::entity);  // and URIs
inline constexpr Kinds kAnything = kNodes | kFunctions | kAtomic;
inline constexpr Kinds kOthers = kAnything & ~(kNodes | kBooleans | kNumbers);
inline constexpr Kinds kElement = kind_of(xml::NodeKind::element);
inline constexpr Kinds kAttribute = kind_of(xml::NodeKind::attribute);
inline constexpr Kinds kDocument = kind_of(xml::NodeKind::document);

struct StaticType {
    Kinds kinds = kAnything;    // of items
    bool at_most_one = false;   // items
    bool at_least_one = false;  // an operator that always fails may say so, too
    bool at_least_two = false;

    bool exactly_one() const { return at_most_one && at_least_one; }
    // Nothing but the empty sequence.
    bool is_empty() const { return kinds == kNothing; }
};

Kinds kinds_of(const Item& item);
Kinds kinds_of(const ItemType& type);
StaticType static_type_of(const SequenceType& type);
StaticType static_type_of(const Value& value);
// One of the items that a `for` takes from a sequence, or that a predicate sees.
StaticType item_of(const StaticType& sequence);
// What is true of values of either type; and of one after the other.
StaticType either(const StaticType& a, const StaticType& b);
StaticType followed_by(const StaticType& first, const StaticType& second);
// Of fn:data (XQuery 3.1, 2.4.2).
StaticType atomized(const StaticType& type);

// The operands are atomized here; kNothing where the operator goes with none of their types.
Kinds arithmetic_kinds(Arithmetic op, Kinds left, Kinds right);
// The result of + and - before one operand.
Kinds sign_kinds(Kinds operand);

// Whether all values of the static type are surely of the type, and whether one can be.
bool surely_matches(const StaticType& given, const SequenceType& type);
bool may_match(const StaticType& given, const SequenceType& type);

// "xs:string", "element() or attribute()", "a number": for errors.
std::string to_string(Kinds kinds);

}  // namespace clacks::xquery::plan
