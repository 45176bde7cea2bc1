// What came of a query's expressions, as programs are told of it.
#pragma once

#include <vector>

#include "common/xquery/plan/program.hpp"
#include "common/xquery/plan/watch.hpp"

namespace clacks::xquery::plan {

// Where the verdict is false or an error, what is to blame is marked.
std::vector<ExplainedExpression> explained(const xquery::detail::Program& program, const Watcher& watcher,
                                           const Result<bool>& verdict);

}  // namespace clacks::xquery::plan
