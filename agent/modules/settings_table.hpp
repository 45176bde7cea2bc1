// What a module says of its settings, for its page in docs/modules.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "agent/api/module.hpp"

namespace clacks {

// In Markdown: one table for each kind of section that the module has, or a sentence where there are no
// settings.
std::string settings_table(const Module& module);

// The same of a module that every agent has or that one of the folders has, or why it cannot be loaded.
Result<std::string, Diagnostics> settings_table(const std::vector<std::filesystem::path>& folders,
                                                const std::string& name);

}  // namespace clacks
