// Atomic values as one word each: "integer 5", "untypedAtomic  x ", "dateTime 1500" (milliseconds);
// what follows the first space is the lexical form, cast by the library itself.
#pragma once

#include <catch2/catch.hpp>
#include <functional>
#include <string>
#include <string_view>

#include "common/xquery/values/arena.hpp"
#include "common/xquery/values/error.hpp"
#include "common/xquery/values/item.hpp"
#include "common/xquery/values/sequence.hpp"

namespace clacks::xquery::values_tests {

Type type_of(std::string_view name);
Item item(std::string_view written, Arena& arena);
// Several, parted by '|'; "" for none.
Value sequence(std::string_view written, Arena& arena);
// The same notation back: "decimal 0.5".
std::string written(const Item& item);
std::string written(const Value& value);
std::string written(bool truth);
// What the function returns, or the code of its error.
std::string outcome(const std::function<std::string()>& evaluate);
// The error that the function fails with; fails the test if it does not.
Error error_of(const std::function<void()>& evaluate);

}  // namespace clacks::xquery::values_tests
