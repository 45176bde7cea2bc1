// What the compiled schema says of an element, for people.
#pragma once

#include <xercesc/util/XercesDefs.hpp>

#include "common/events/catalogue.hpp"

namespace xercesc = XERCES_CPP_NAMESPACE;
XERCES_CPP_NAMESPACE_BEGIN
class XSElementDeclaration;
class XSModel;
XERCES_CPP_NAMESPACE_END

namespace clacks::events {

// Groups are flattened: an element of a choice is optional, one of a repeated group repeated. A type
// that contains itself is shown once. The model is that of the element, and tells what may take its place.
ElementInfo describe(const xercesc::XSElementDeclaration& element, xercesc::XSModel& model);

}  // namespace clacks::events
