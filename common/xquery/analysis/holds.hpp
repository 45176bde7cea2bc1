// Whether a condition holds of a document, told by walking it: what an index has to agree with.
//
// Thread safety: pure.
#pragma once

#include <string_view>
#include <vector>

#include "common/xml/tree.hpp"
#include "common/xquery/analysis/condition.hpp"

namespace clacks::xquery::analysis {

// Of the document, which is the tree's root.
bool holds(const Condition& condition, const xml::Tree& tree);

// Whether a node with this string value passes the test. A text that is no number or boolean passes no test
// against one.
bool passes(const Test& test, std::string_view value);

// The nodes on the path in document order, each once.
std::vector<xml::NodeIndex> nodes_on(const Path& path, const xml::Tree& tree);

}  // namespace clacks::xquery::analysis
