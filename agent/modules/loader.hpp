// Loadable modules: shared objects that export CLACKS_MODULE (agent/api/module.hpp).
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "agent/api/module.hpp"

namespace clacks {

// Loads NAME.so for each name from the first folder that has it, or tells all problems: each has the file as
// its source, or "[module NAME]" where there is none. `builtin`: names that may have been meant. Folders need
// not be there. What was loaded stays in the process until it ends, as code may be running that came from it.
Result<std::vector<std::unique_ptr<Module>>, Diagnostics> load_modules(
    const std::vector<std::filesystem::path>& folders, const std::vector<std::string>& names,
    const std::vector<std::string>& builtin);

}  // namespace clacks
