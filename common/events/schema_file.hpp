// The XSD files of the configured folders, read and checked one by one and against each other,
// before xerces-c sees them.
//
// The rule for a file: it stands alone, with the events namespace as its target namespace. Every
// file is joined with all others, so it may use their types by name; xs:include, xs:import,
// xs:redefine and xs:override are refused, for they would let a file reach outside the folders.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"
#include "common/xml/parser.hpp"

namespace clacks::events {

inline constexpr std::string_view kSchemaNamespace = "http://www.w3.org/2001/XMLSchema";

struct SchemaFile {
    std::filesystem::path path;
    std::string name;  // of the file without .xsd, and so of the event
    std::string text;
};

// The files that can be compiled, by path. Problems are added: code "schema-folder",
// "schema-unreadable", "schema-namespace", "schema-import", "schema-no-element",
// "schema-duplicate" or one of the parser's. Duplicates name both places.
std::vector<SchemaFile> read_schema_files(const std::vector<std::filesystem::path>& folders,
                                          Diagnostics& problems);

}  // namespace clacks::events
