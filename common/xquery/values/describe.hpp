// How a value is named in an error message.
#pragma once

#include <string>

#include "common/xquery/values/sequence.hpp"

namespace clacks::xquery {

// "'busy' of type xs:string" (long ones shortened), "an element 'f:Event'", "a text node".
std::string describe(const Item& item);
// The same of a value of one item; "an empty sequence", "a sequence of 3 items".
std::string describe(const Value& value);

}  // namespace clacks::xquery
