// Files and standard input as commands read them.
#pragma once

#include <string>

#include "common/base/result.hpp"

namespace clacks::cli {

inline constexpr std::size_t kMaxInput = 64 * 1024 * 1024;

// The whole file, "-" for standard input. Errors: not readable, a folder, longer than kMaxInput.
Result<std::string> read_input(const std::string& file);

}  // namespace clacks::cli
