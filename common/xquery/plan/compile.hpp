// From query text to program: parse, analyse, plan.
#pragma once

#include <memory>
#include <string_view>

#include "common/xquery/plan/program.hpp"

namespace clacks::xquery::detail {

// As Query::compile.
Result<std::shared_ptr<const Program>, Diagnostics> compile(std::string_view text,
                                                            const CompileOptions& options);

}  // namespace clacks::xquery::detail
