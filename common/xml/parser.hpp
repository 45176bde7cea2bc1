// Parses XML 1.0 with namespaces into a Tree, safely: no DTD, no entities beyond the five predefined
// ones, no file or network access, limits on everything a stranger chooses.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <memory_resource>
#include <string_view>

#include "common/base/result.hpp"
#include "common/xml/tree.hpp"

namespace clacks::xml {

// How the bytes are read.
enum class Encoding : std::uint8_t {
    utf8,      // UTF-8, and nothing else may be declared
    declared,  // as a byte order mark or the XML declaration says, if xerces knows it
    decoded,   // UTF-8 whatever is declared: the bytes are characters that were decoded already
};

struct ParseLimits {
    std::size_t bytes = 256 * 1024;
    std::size_t depth = 64;
    std::size_t attributes = 64;  // on one element
    // Allows a document type declaration: its internal subset's entities (at most 10,000 expansions) and
    // default attributes count; what lies outside the document is never read. For documents that the
    // program's user chose, not for strangers'.
    bool internal_subset = false;
    // Not a document but what may stand between the tags of an element (an external general parsed entity,
    // XML 1.0, 4.3.2): the document node gets it as its children. A DTD is not allowed.
    bool fragment = false;
    Encoding encoding = Encoding::utf8;
};

// Errors carry line, column and what to do; code "xml-malformed", "xml-too-large", "xml-too-deep",
// "xml-too-many-attributes", "xml-dtd" or "xml-encoding". `base_uri` becomes the tree's. Thread safe.
Result<std::shared_ptr<const Tree>> parse(std::string_view bytes, const ParseLimits& limits = {},
                                          std::string_view base_uri = {});

// The same into memory of the caller's. What `memory` throws comes through.
Result<Tree> parse_into(std::pmr::memory_resource& memory, std::string_view bytes, const ParseLimits& limits,
                        std::string_view base_uri = {});

}  // namespace clacks::xml
