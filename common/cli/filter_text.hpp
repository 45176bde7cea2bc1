// Filters as the agent sees them.
#pragma once

#include <string>
#include <string_view>

#include "common/base/result.hpp"
#include "common/xquery/xquery.hpp"

namespace clacks::cli {

// What a filter is compiled with; errors name `source`.
xquery::CompileOptions filter_options(std::string source = "filter");

// Compiles a filter as the agent does; errors name `source`.
Result<xquery::Query, Diagnostics> compile_filter(std::string_view text, std::string source = "filter");

}  // namespace clacks::cli
