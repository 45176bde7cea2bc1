// where clauses, and the joins that some of them make.
#include <algorithm>

#include "common/xquery/plan/compiler.hpp"
#include "common/xquery/plan/joining.hpp"
#include "common/xquery/syntax/clause.hpp"

namespace clacks::xquery::plan {

namespace {

bool loops(const Clause& clause) {
    return clause.form == Clause::Form::for_ || clause.form == Clause::Form::window;
}

// Whether = compares the characters of the operand's values, if those of the other one are such, too.
bool is_text(Plan operand) {
    const Kinds kinds = atomized(operand->traits).kinds;
    return (kinds & ~kTexts) == 0 && operand->traits.repeatable();
}

}  // namespace

// Whether what was compiled since uses local variables from `first` to before `end`.
bool Compiler::uses_locals(std::size_t since, std::size_t first, std::size_t end) const {
    return std::any_of(used_.begin() + static_cast<std::ptrdiff_t>(since), used_.end(),
                       [&](std::size_t local) { return local >= first && local < end; });
}

void Compiler::where(const Expr& written, std::vector<Clause>& clauses, std::size_t first_local) {
    Clause made;
    made.form = Clause::Form::where;
    made.offset = written.span.offset;
    if (explained() || written.kind != syntax::ExprKind::general_comparison) {
        role_ = ExplainedExpression::Role::where;
        made.expr = choice(written);
        clauses.push_back(made);
        return;
    }
    const auto& comparison = as<syntax::Comparison>(written);
    const std::size_t item = locals_.size() - 1;  // the variable of the `for` before, if there is one
    const auto operand = [&](const Expr& expr) {
        const std::size_t since = used_.size();
        const Plan plan = compile(expr);
        return JoinOperand{plan, uses_locals(since, item, item + 1), uses_locals(since, first_local, item)};
    };
    const JoinOperand left = operand(*comparison.left), right = operand(*comparison.right);
    made.expr = compared(comparison, left.plan, right.plan);
    if (comparison.op == syntax::Operator::general_eq) join(left, right, clauses);
    clauses.push_back(made);
}

// Puts a join clause before the last one, where it is a `for` whose items are compared with other variables.
void Compiler::join(const JoinOperand& left, const JoinOperand& right, std::vector<Clause>& clauses) {
    if (!on(Rewrite::hash_join) || clauses.empty() || module_.statics.collation != nullptr) return;
    const Clause& inner = clauses.back();
    const bool plain = inner.form == Clause::Form::for_ && !inner.allowing_empty &&
                       inner.position == kNoSlot && !inner.varies && inner.expr->traits.repeatable();
    if (!plain || !std::any_of(clauses.begin(), clauses.end() - 1, loops)) return;
    const JoinOperand& of_item = left.uses_item ? left : right;
    const JoinOperand& of_tuple = left.uses_item ? right : left;
    const bool apart = of_item.uses_item && !of_item.uses_tuple && !of_tuple.uses_item;
    if (!apart || !is_text(of_item.plan) || !is_text(of_tuple.plan)) return;
    Clause made;
    made.form = Clause::Form::join;
    made.offset = inner.offset;
    made.join = program_.arena.make(JoinPlan{inner.expr, of_item.plan, of_tuple.plan, inner.slot});
    clauses.insert(clauses.end() - 1, made);
}

}  // namespace clacks::xquery::plan
