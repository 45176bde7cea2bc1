// FLWOR and quantified expressions.
#include "common/xquery/plan/compiler.hpp"
#include "common/xquery/syntax/clause.hpp"

namespace clacks::xquery::plan {

namespace {

Traits one_item_of(const Traits& sequence) {
    Traits known;
    known.kinds = sequence.kinds;
    known.at_most_one = known.at_least_one = true;
    known.ordered = known.disjoint = true;
    return known;
}

Traits integer_traits() {
    Traits known;
    known.kinds = kNumbers;
    known.at_most_one = known.at_least_one = true;
    return known;
}

}  // namespace

// The binding's declared type is checked without conversion (XQuery 3.1, 3.12.2).
Plan Compiler::checked(Plan plan, const syntax::SequenceType* written, const syntax::Name& name,
                       bool each_item) {
    if (written == nullptr) return plan;
    SequenceType type = sequence_type(*written);
    if (each_item && !type.empty) type.occurrence = Occurrence::any;
    return make(Checked(plan, type, Code::XPTY0004, keep("the value of $" + shown(name))), plan->offset);
}

Clause Compiler::for_clause(const syntax::ForClause& written) {
    Clause made;
    made.form = Clause::Form::for_;
    made.offset = written.span.offset;
    made.allowing_empty = written.allowing_empty;
    made.expr = checked(compile(*written.in), written.type, written.variable, true);
    Traits known = one_item_of(made.expr->traits);
    known.at_least_one = !written.allowing_empty;
    if (written.has_position && expand(written.variable, Use::plain) == expand(written.position, Use::plain))
        fail_at(written.position.span.offset, Code::XQST0089,
                "the variable and its position have the same name", "rename one of them");
    made.slot = bind(written.variable, known);
    if (written.has_position) made.position = bind(written.position, integer_traits());
    return made;
}

Clause Compiler::order_by(const syntax::OrderByClause& written, const std::vector<Clause>& before) {
    Clause made;
    made.form = Clause::Form::order_by;
    made.offset = written.span.offset;
    std::vector<OrderKey> keys;
    for (const syntax::OrderSpec& spec : written.specs) {
        OrderKey key;
        key.collation = module_.statics.collation;
        if (spec.has_collation)
            key.collation = known_collation(spec.collation, spec.span.offset, Code::XQST0076);
        key.key = compile(*spec.key);
        key.descending = spec.descending;
        key.empty_greatest = spec.empty == syntax::EmptyOrder::unspecified
                                 ? empty_greatest_
                                 : spec.empty == syntax::EmptyOrder::greatest;
        keys.push_back(key);
    }
    std::vector<std::uint32_t> live;
    for (const Clause& clause : before) {
        if (clause.slot != kNoSlot) live.push_back(clause.slot);
        if (clause.position != kNoSlot) live.push_back(clause.position);
    }
    made.keys = keep(keys);
    made.live = keep(live);
    return made;
}

// False: the clause is not evaluated yet.
bool Compiler::clause(const syntax::Clause& written, std::vector<Clause>& out) {
    using syntax::ClauseKind;
    Clause made;
    made.offset = written.span.offset;
    switch (written.kind) {
        case ClauseKind::for_:
            made = for_clause(as<syntax::ForClause>(written));
            break;
        case ClauseKind::let: {
            const auto& let = as<syntax::LetClause>(written);
            made.form = Clause::Form::let;
            made.expr = checked(compile(*let.value), let.type, let.variable, false);
            made.slot = bind(let.variable, made.expr->traits);
            break;
        }
        case ClauseKind::where:
            made.form = Clause::Form::where;
            made.expr = compile(*as<syntax::WhereClause>(written).condition);
            break;
        case ClauseKind::count:
            made.form = Clause::Form::count;
            made.slot = bind(as<syntax::CountClause>(written).variable, integer_traits());
            break;
        case ClauseKind::order_by:
            made = order_by(as<syntax::OrderByClause>(written), out);
            break;
        default:
            not_supported(construct_name(written.kind), written.span.offset);
            return false;
    }
    out.push_back(made);
    return true;
}

Plan Compiler::flwor(const syntax::Flwor& written) {
    const Scope scope(*this);
    const Level level(*this, written.clauses.size());
    std::vector<Clause> clauses;
    for (const syntax::Clause* one : written.clauses) {
        // What follows uses variables that only the missing clause would bind.
        if (!clause(*one, clauses)) return make(Constant(Value()), written.span.offset);
    }
    const Plan result = compile(*written.result);
    return make(Flwor(keep(clauses), result), written.span.offset);
}

Plan Compiler::quantified(const syntax::Quantified& written) {
    const Scope scope(*this);
    const Level level(*this, written.bindings.size());
    std::vector<Clause> clauses;
    for (const syntax::QuantifiedBinding& binding : written.bindings) {
        Clause made;
        made.form = Clause::Form::for_;
        made.offset = binding.variable.span.offset;
        made.expr = checked(compile(*binding.in), binding.type, binding.variable, true);
        made.slot = bind(binding.variable, one_item_of(made.expr->traits));
        clauses.push_back(made);
    }
    const Plan condition = compile(*written.satisfies);
    const auto form = written.every ? Quantified::Form::every : Quantified::Form::some;
    return make(Quantified(form, keep(clauses), condition), written.span.offset);
}

}  // namespace clacks::xquery::plan
