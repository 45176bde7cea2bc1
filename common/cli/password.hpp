// A new password as it comes to a command: typed or piped, never an argument, which others could see.
#pragma once

#include <string>

#include "common/base/result.hpp"

namespace clacks::cli {

// The first line of standard input.
Result<std::string> piped_password();

// Asks twice at the terminal of this process, without echo; an interrupt ends the program and leaves the
// terminal as it was. An error where there is no terminal.
Result<std::string> typed_password(const std::string& user);

}  // namespace clacks::cli
