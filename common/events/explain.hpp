// Turns a refused event into words: which element, where, and what would have been right there.
// Runs only after validation failed, so it takes its time.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <xercesc/util/XercesDefs.hpp>

#include "common/base/result.hpp"
#include "common/xml/tree_reader.hpp"

XERCES_CPP_NAMESPACE_BEGIN
class XSModel;
XERCES_CPP_NAMESPACE_END

namespace clacks::events {

// `fault` is xerces' first finding, or nothing when it found none (a document whose root is valid
// but not Event). `names` are the catalogue's events. The model must not be used by another thread
// meanwhile. Codes as Catalogue::parse gives them.
Diagnostic explain(std::string_view bytes, const std::optional<xml::ReadFault>& fault,
                   xercesc::XSModel& model, const std::vector<std::string>& names,
                   const xml::ParseLimits& limits);

}  // namespace clacks::events
