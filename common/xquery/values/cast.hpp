// Casting between atomic types (Functions and Operators 3.1, 19).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "common/xquery/values/arena.hpp"
#include "common/xquery/values/error.hpp"
#include "common/xquery/values/item.hpp"
#include "common/xquery/values/sequence.hpp"

namespace clacks::xquery {

// Statically known namespaces, needed to cast a string to xs:QName: pairs of prefix and URI; the last
// of equal prefixes counts, and the prefix "" has the default namespace of elements and types.
using NamespaceBinding = std::pair<std::string_view, std::string_view>;  // prefix and URI
using NamespaceBindings = std::span<const NamespaceBinding>;

// The atomic item as a value of `target`. Fails with FORG0001, FOCA0001, FOCA0002, FOCA0003, FODT0001,
// FODT0002, FONS0004 for a value that does not fit and with XPTY0004 for types that never do.
Item cast(const Item& item, Type target, Arena& arena, NamespaceBindings namespaces = {});
// The same without exceptions: none instead of an error, which is told in *why if it is given.
std::optional<Item> try_cast(const Item& item, Type target, Arena& arena, NamespaceBindings namespaces = {},
                             Code* why = nullptr);
// As one of the list types: xs:NMTOKENS is a list of xs:NMTOKEN. Strings and untyped values only, XPTY0004
// for others; FORG0001 for a list without members.
Value cast_list(const Item& item, Type member, Arena& arena);
// Whether a value of type `from` can ever be cast to `target`.
bool castable_type(Type from, Type target);

}  // namespace clacks::xquery
