// The xml, xhtml and html output methods (Serialization 3.1, 5 to 7).
#pragma once

#include <span>

#include "common/xquery/serialize/normalize.hpp"
#include "common/xquery/serialize/output.hpp"

namespace clacks::xquery {

// Errors: SEPM0004, SERE0008, SERE0014, SERE0015 and those of Output.
void write_markup(Output& out, const SerializationParameters& parameters, std::span<const Part> parts);
// An attribute or namespace node by itself, as the adaptive method shows it: name="value".
void write_attribute(Output& out, const xml::Tree& tree, xml::NodeIndex node);

}  // namespace clacks::xquery
