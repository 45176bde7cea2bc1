// Comparison of atomic values (XQuery 3.1, 3.7; Functions and Operators 3.1, 4 to 11).
#pragma once

#include <compare>
#include <cstdint>

#include "common/xquery/values/collation.hpp"
#include "common/xquery/values/sequence.hpp"

namespace clacks::xquery {

enum class Comparison : std::uint8_t { eq, ne, lt, le, gt, ge };
// a op b is b mirrored(op) a.
Comparison mirrored(Comparison op);
// "eq" as a value comparison, "=" as a general one.
std::string_view value_symbol(Comparison c);
std::string_view general_symbol(Comparison c);

// What a comparison depends on beside its operands.
struct CompareContext {
    const Collation* collation = nullptr;  // null: by code points
    std::int16_t zone = 0;                 // minutes: of dates and times without one
};

// Value comparison of two atomic items; untypedAtomic counts as string. XPTY0004 where the types do
// not compare.
bool compare_value(Comparison c, const Item& a, const Item& b, const CompareContext& by);
// One pair of a general comparison: untypedAtomic takes its type from the other side (FORG0001 where
// it does not cast). Atomic items or nodes.
bool compare_general(Comparison c, const Item& a, const Item& b, const CompareContext& by, Arena& arena);
// General comparison: whether any pair compares true. Takes steps by pairs and by the length of texts.
bool compare_general(Comparison c, const Value& a, const Value& b, const CompareContext& by, Arena& arena,
                     Steps& steps);

// Whether the types compare with eq at all; and with lt.
bool comparable(Type a, Type b);
bool ordered(Type a, Type b);
// The order of two atomic items of types that have one, unordered where one is NaN. XPTY0004 otherwise.
std::partial_ordering order(const Item& a, const Item& b, const CompareContext& by);
// Equality of fn:distinct-values, fn:index-of and grouping: NaN equals NaN, incomparable is unequal.
bool same_atomic(const Item& a, const Item& b, const CompareContext& by, bool nan_equal = true);
// Agrees with same_atomic by code points: equal values have equal hashes. Under a collation hash the
// text's key.
std::uint64_t hash_atomic(const Item& item, std::int16_t zone);

inline bool same_text(std::string_view a, std::string_view b, const Collation* collation) {
    return collation == nullptr ? a == b : collation->compare(a, b) == 0;
}

}  // namespace clacks::xquery
