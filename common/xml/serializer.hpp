// Writes nodes of a Tree as XML.
#pragma once

#include <string>

#include "common/xml/tree.hpp"

namespace clacks::xml {

struct SerializeOptions {
    bool indent = false;  // two spaces a level, elements with text content left alone
};

std::string serialize(const Tree& tree, NodeIndex node = 0, const SerializeOptions& options = {});
// Appends text with &, <, > (and in attributes the quote and white space) escaped.
void append_escaped(std::string& out, std::string_view text, bool attribute);

}  // namespace clacks::xml
