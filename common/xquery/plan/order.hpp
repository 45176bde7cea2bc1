// Document order and identity of collected nodes.
#pragma once

#include <span>

#include "common/xquery/plan/operator.hpp"

namespace clacks::xquery::plan {

// Sorts nodes in document order and drops repeated ones; returns how many are left.
std::size_t sort_nodes(std::span<Item> nodes);
// Of what was collected, nodes only or no nodes at all; XPTY0018 for a mixture.
Value in_document_order(Collector& collected, Code mixed = Code::XPTY0018);

}  // namespace clacks::xquery::plan
