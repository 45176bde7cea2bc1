// Reading and showing one value of each type. Errors carry message and hint; the caller knows the place.
#pragma once

#include "common/config/rows.hpp"

namespace clacks::config {

Result<void, Diagnostic> read(const ValueText& value, std::string& out);
Result<void, Diagnostic> read(const ValueText& value, std::size_t& out);
Result<void, Diagnostic> read(const ValueText& value, std::chrono::milliseconds& out);
Result<void, Diagnostic> read(const ValueText& value, std::filesystem::path& out);
Result<void, Diagnostic> read(const ValueText& value, std::vector<std::filesystem::path>& out);
Result<void, Diagnostic> read(const ValueText& value, std::vector<Url>& out);
Result<void, Diagnostic> read(const ValueText& value, LogLevel& out);
Result<void, Diagnostic> read(const ValueText& value, LogTarget& out);

// The other way: as it could be written in a file; "none" when it is empty. `bytes`: a size.
std::string shown(const std::string& value, bool bytes);
std::string shown(std::size_t value, bool bytes);
std::string shown(std::chrono::milliseconds value, bool bytes);
std::string shown(const std::filesystem::path& value, bool bytes);
std::string shown(const std::vector<std::filesystem::path>& value, bool bytes);
std::string shown(const std::vector<Url>& value, bool bytes);
std::string shown(LogLevel value, bool bytes);
std::string shown(LogTarget value, bool bytes);

}  // namespace clacks::config
