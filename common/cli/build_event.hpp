// An event document from KEY=VALUE words, as "CallerId=012345" or "User/Name=alice".
#pragma once

#include <string>
#include <vector>

#include "common/cli/event_model.hpp"

namespace clacks::cli {

// Elements in the order of `model` where it is given (null: in the order of the words); names it does
// not know come last, for the agent to refuse. A path's steps join the element before them of the same
// name; a step that ends in "+" begins a new one. Throws UsageError at a word that is no KEY=VALUE.
std::string build_event(const std::string& name, const std::vector<std::string>& words, const Field* model);

}  // namespace clacks::cli
