// Loadable modules: shared objects that export CLACKS_MODULE (agent/api/module.hpp).
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "agent/api/module.hpp"

namespace clacks {

// Loads every *.so of the folder in sorted order, or tells all problems, each with its file. What was
// loaded stays in the process until it ends, as code may be running that came from it.
Result<std::vector<std::unique_ptr<Module>>, Diagnostics> load_modules(const std::filesystem::path& folder);

}  // namespace clacks
