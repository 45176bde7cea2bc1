// The adaptive output method (Serialization 3.1, 10) and the text form of sequences.
#pragma once

#include <string>

#include "common/xquery/values/sequence.hpp"

namespace clacks::xquery {

void append_adaptive(std::string& out, const Item& item, bool indent);
// An item a line.
std::string serialize_adaptive(const Value& value, bool indent);
// Nodes as XML, atomic values as escaped text, a space between neighbouring atomic values.
std::string serialize_xml(const Value& value, bool indent);

}  // namespace clacks::xquery
