// The modules that every agent has.
#pragma once

#include <memory>
#include <vector>

#include "agent/api/module.hpp"

namespace clacks {

// In the order of their start; they stop in the opposite order, so the first has the last word.
std::vector<std::unique_ptr<Module>> builtin_modules();

}  // namespace clacks
