// Parses XML 1.0 with namespaces into a Tree, safely: no DTD, no entities beyond the five predefined
// ones, no file or network access, limits on everything a stranger chooses.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "common/base/result.hpp"
#include "common/xml/tree.hpp"

namespace clacks::xml {

struct ParseLimits {
    std::size_t bytes = 256 * 1024;
    std::size_t depth = 64;
    std::size_t attributes = 64;  // on one element
};

// Errors carry line, column and what to do; code "xml-malformed", "xml-too-large", "xml-too-deep",
// "xml-too-many-attributes", "xml-dtd" or "xml-encoding". Thread safe.
Result<std::shared_ptr<const Tree>> parse(std::string_view bytes, const ParseLimits& limits = {});

}  // namespace clacks::xml
