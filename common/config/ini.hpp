// The INI dialect of Clacks: [section], key = value, comments on lines of their own that begin with
// # or ;. Every value knows its file, line and column. Indentation is ignored; a value ends with its line.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"

namespace clacks::config {

struct IniValue {
    std::string section;
    std::string key;
    std::string value;  // without the space around it
    std::filesystem::path file;
    std::uint32_t line = 0;
    std::uint32_t key_column = 0;
    std::uint32_t value_column = 0;
};

struct IniFile {
    std::vector<IniValue> values;    // in the file's order
    std::vector<IniValue> sections;  // headings only: section, file, line, key_column
    Diagnostics problems;            // lines that could not be read
};

IniFile parse_ini(std::string_view text, const std::filesystem::path& file);
// What is wrong with a value or a heading, at a column of its line; 0 for none.
Diagnostic problem_at(const IniValue& at, std::uint32_t column, std::string code, std::string message,
                      std::string hint);
// A file that cannot be read is a problem of the result.
IniFile read_ini(const std::filesystem::path& file);
// The files *.conf of the folder FILE.d, which are read after FILE, sorted; a folder that cannot be listed is
// one problem more.
std::vector<std::filesystem::path> drop_ins(const std::filesystem::path& file, Diagnostics& problems);

}  // namespace clacks::config
