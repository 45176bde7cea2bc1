// Loadable modules: shared objects that export CLACKS_MODULE (agent/api/module.hpp).
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "agent/modules/found_module.hpp"
#include "agent/modules/isolated_module.hpp"

namespace clacks {

// Modules that are to run in processes of their own.
struct OwnProcesses {
    std::set<std::string> names;
    IsolationOptions options;
};

// Loads NAME.so for each name from the first folder that has it, or tells all problems: each has the file as
// its source, or "[module NAME]" where there is none. Event definitions of the module are the folder
// NAME/events beside the file. `builtin`: names that may have been meant. Folders need not be there. What was
// loaded stays in the process until it ends, as code may be running that came from it.
// The file of a module with a process of its own is loaded there only.
Result<std::vector<FoundModule>, Diagnostics> load_modules(const std::vector<std::filesystem::path>& folders,
                                                           const std::vector<std::string>& names,
                                                           const std::vector<std::string>& builtin,
                                                           const OwnProcesses& own_processes = {});

}  // namespace clacks
