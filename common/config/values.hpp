// Reading one value of each type. Errors carry message and hint; the caller knows the place.
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

}  // namespace clacks::config
