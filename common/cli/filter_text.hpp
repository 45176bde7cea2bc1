// Filters as the agent sees them.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"
#include "common/events/catalogue.hpp"
#include "common/xml/tree.hpp"
#include "common/xquery/xquery.hpp"

namespace clacks::cli {

// What a filter is compiled with; errors name `source`.
xquery::CompileOptions filter_options(std::string source = "filter");

// Compiles a filter as the agent does; errors name `source`.
Result<xquery::Query, Diagnostics> compile_filter(std::string_view text, std::string source = "filter");

// Shows why a filter cannot be used, with its lines; kFailed.
int refuse_filter(const Diagnostics& problems, std::string_view filter);

// The definitions in these folders, or without any in those of the installation; null where there are none.
Result<events::CataloguePtr, Diagnostics> filter_catalogue(const std::vector<std::string>& folders);

// The event in a file, - for standard input; errors name the file.
Result<std::shared_ptr<const xml::Tree>> event_document(const std::string& file);
Result<bool> filter_matches(const xquery::Query& query, const xml::Tree& event);
// "matches", "does not match" or "fails: why".
std::string filter_verdict(const Result<bool>& matched);

}  // namespace clacks::cli
