// Tells a logged-on user something, by a program that the administrator chose.
#pragma once

#include <filesystem>
#include <string>

#include "common/base/result.hpp"

namespace clacks::machine {

// Starts `program USER TITLE MESSAGE`, no shell, and does not wait for it. The process must ignore SIGCHLD.
Result<void> notify(const std::filesystem::path& program, std::string user, std::string title,
                    std::string message);

}  // namespace clacks::machine
