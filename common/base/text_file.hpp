// Reading the text files that an administrator writes.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "common/base/result.hpp"

namespace clacks {

inline constexpr std::size_t kMaxTextFile = 1024 * 1024;  // bytes

// The whole file, without a byte order mark. What cannot be read, or is longer than kMaxTextFile, is an error
// with the code "config-file"; `what` says what it should be, as "a configuration file".
Result<std::string> read_text_file(const std::filesystem::path& file, const std::string& what);

}  // namespace clacks
