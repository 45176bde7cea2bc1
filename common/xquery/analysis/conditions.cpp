#include "common/xquery/analysis/conditions.hpp"

#include "common/xquery/analysis/walker.hpp"
#include "common/xquery/syntax/parser.hpp"

namespace clacks::xquery::analysis {

Result<Condition, Diagnostics> condition_of(std::string_view text, const CompileOptions& options) {
    syntax::ParseOptions parsing;
    parsing.nesting = options.limits.nesting;
    parsing.bytes = options.limits.query_bytes;
    parsing.source = options.source;
    auto ast = syntax::parse(text, parsing);
    if (!ast) return std::move(ast).error();
    try {
        return finished(Walker(**ast, options).run());
    } catch (const TooMuch&) {
        return Condition();
    }
}

}  // namespace clacks::xquery::analysis
