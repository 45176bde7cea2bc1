// Atomization, string value and effective boolean value (XQuery 3.1, 2.4.2 and 2.4.3).
#pragma once

#include "common/xquery/values/sequence.hpp"

namespace clacks::xquery {

// The typed value of one item: untypedAtomic for nodes (string for comments, processing instructions
// and namespaces), a slice of the tree; atomic values as they are. FOTY0013 for functions and maps. Not for
// arrays, which may have several.
Item atomize(const Item& item);
// Of every item, and of all that arrays hold. Does not copy when all items are atomic already.
Value atomize(const Value& value, Arena& arena, Steps& steps);
// The items of an array's members, and those of arrays among them (array:flatten).
void flatten(const ArrayItem& array, SequenceBuilder& out, Arena& arena, Steps& steps);
// dm:string-value of a node, or the atomic value cast to string; a view, written to the arena only where
// needed.
std::string_view string_of(const Item& item, Arena& arena);
// FORG0006 where the value has none.
bool effective_boolean_value(const Value& value);
bool effective_boolean_value(const Item& item);

}  // namespace clacks::xquery
