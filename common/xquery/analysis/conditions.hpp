// Finds the condition of a query (analysis/condition.hpp). The rules, and why each is sound, are told in
// docs/matching.md.
//
// Thread safety: pure.
#pragma once

#include <string_view>

#include "common/base/result.hpp"
#include "common/xquery/analysis/condition.hpp"
#include "common/xquery/xquery.hpp"

namespace clacks::xquery::analysis {

// Of the query that Query::compile makes of the same text and options. What is not understood is `always`,
// necessary. Errors are those of the grammar only: compile the query first.
Result<Condition, Diagnostics> condition_of(std::string_view text, const CompileOptions& options = {});

// For people: "e:Event/e:PhoneStatus/e:Status = "busy" and …"; namespaces are written as the prefixes given,
// else as Q{uri}local.
std::string to_string(const Condition& condition,
                      const std::vector<std::pair<std::string, std::string>>& namespaces = {});
std::string to_string(const Path& path,
                      const std::vector<std::pair<std::string, std::string>>& namespaces = {});

}  // namespace clacks::xquery::analysis
