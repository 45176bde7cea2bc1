// Reads and validates a usual event in one pass over its bytes, several times as fast as xerces-c does.
// It says yes only where xerces-c would say yes, and builds the same tree; whatever else it meets it
// leaves to xerces-c, which has the last word on every document. So an error here can at worst be slow.
//
// What it reads: UTF-8 with at most a plain XML declaration, the events namespace as the default one,
// declared on Event; elements whose shape is not opaque, without attributes; text with the five
// predefined entities; white space between elements.
#pragma once

#include <string_view>

#include "common/events/shape.hpp"
#include "common/xml/parser.hpp"
#include "common/xml/tree.hpp"

namespace clacks::events {

// `bytes` must have passed xml::check_prolog. False: not read, and the builder's content is worthless.
bool read_quickly(std::string_view bytes, const Shape& event, const xml::ParseLimits& limits,
                  xml::TreeBuilder& builder);

}  // namespace clacks::events
