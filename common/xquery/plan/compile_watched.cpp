// Queries that are explained: each expression is recorded with its place, and its plan wrapped.
#include <utility>

#include "common/xquery/plan/compiler.hpp"
#include "common/xquery/plan/watch.hpp"

namespace clacks::xquery::plan {

std::size_t Compiler::watch(const Expr& expr) {
    program_.watched.push_back({whole_, expr.kind, std::exchange(role_, ExplainedExpression::Role::part),
                                expr.span.offset, expr.span.length});
    return program_.watched.size() - 1;
}

Plan Compiler::compile_watched(const Expr& expr) {
    const std::size_t expression = watch(expr);
    const Within inside(whole_, expression);
    const Plan made = compile_kind(expr);
    return is_literal(expr.kind) ? made : make(Watched(made, expression), made->offset);
}

Plan Compiler::watched_join(Plan left, const syntax::AxisStep& written) {
    role_ = ExplainedExpression::Role::step;
    const std::size_t expression = watch(written);
    const Within inside(whole_, expression);
    const Plan made = step_from(left, written);
    return make(Watched(made, expression), made->offset);
}

}  // namespace clacks::xquery::plan
