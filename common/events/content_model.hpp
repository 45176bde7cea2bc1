// Why the children of an element do not fit its content model. xerces-c knows only that they do not;
// this walks the model again, greedily, which the unique particle attribution rule of XML Schema
// makes exact.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>
#include <xercesc/util/XercesDefs.hpp>

namespace xercesc = XERCES_CPP_NAMESPACE;
XERCES_CPP_NAMESPACE_BEGIN
class XSElementDeclaration;
class XSParticle;
XERCES_CPP_NAMESPACE_END

namespace clacks::events {

struct Child {
    std::string_view uri;
    std::string_view local;
};

struct ContentMatch {
    bool fits = false;
    std::size_t at = 0;                 // the child that does not fit, or their number: one is missing
    std::vector<std::string> expected;  // names that would fit there; none: the end
    // For each child before `at`; null where a wildcard took it.
    std::vector<xercesc::XSElementDeclaration*> declarations;
};

ContentMatch match_content(const std::vector<Child>& children, xercesc::XSParticle& model);

}  // namespace clacks::events
