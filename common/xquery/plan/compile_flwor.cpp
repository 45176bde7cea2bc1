// FLWOR and quantified expressions.
#include <algorithm>

#include "common/xquery/plan/compiler.hpp"
#include "common/xquery/plan/windows.hpp"
#include "common/xquery/syntax/clause.hpp"

namespace clacks::xquery::plan {

namespace {

Traits one_item_of(const Traits& sequence) {
    Traits known{item_of(sequence)};
    known.ordered = known.disjoint = true;
    return known;
}

// Whether there may be no tuples behind the clause.
bool may_end(const Clause& clause) {
    const bool loops = clause.form == Clause::Form::for_ && !clause.allowing_empty;
    return clause.form == Clause::Form::where || clause.form == Clause::Form::window ||
           (loops && !clause.expr->traits.at_least_one);
}

Traits integer_traits() {
    return {StaticType{kind_of(Type::integer), true, true}};
}

}  // namespace

// The binding's declared type is checked without conversion (XQuery 3.1, 3.12.2).
Plan Compiler::checked(const Expr& value, const syntax::SequenceType* written, const syntax::Name& name,
                       Bound bound) {
    const Plan plan = compile(value);
    if (written == nullptr) return plan;
    SequenceType type = sequence_type(*written);
    if (bound != Bound::whole && !type.empty) {
        const bool must = bound == Bound::each_or_none && !type.allows_empty();
        type.occurrence = must ? Occurrence::some : Occurrence::any;
    }
    const std::string_view what = keep("the value of $" + shown(name));
    tell(match_problem(plan->traits, type, what, Code::XPTY0004), value.span);
    return make(Checked(plan, type, Code::XPTY0004, what), plan->offset);
}

Clause Compiler::for_clause(const syntax::ForClause& written, std::size_t first_local) {
    Clause made;
    made.form = Clause::Form::for_;
    made.offset = written.span.offset;
    made.allowing_empty = written.allowing_empty;
    const std::size_t used = used_.size();
    made.expr = checked(*written.in, written.type, written.variable,
                        written.allowing_empty ? Bound::each_or_none : Bound::each);
    made.varies = uses_locals(used, first_local, locals_.size());
    Traits known = one_item_of(made.expr->traits);
    known.at_least_one = !written.allowing_empty;
    if (written.has_position && expand(written.variable, Use::plain) == expand(written.position, Use::plain))
        fail_at(written.position.span, Code::XQST0089, "the variable and its position have the same name",
                "rename one of them");
    made.slot = bind(written.variable, known);
    if (written.has_position) made.position = bind(written.position, integer_traits());
    return made;
}

Clause Compiler::order_by(const syntax::OrderByClause& written, std::size_t first_local) {
    Clause made;
    made.form = Clause::Form::order_by;
    made.offset = written.span.offset;
    std::vector<OrderKey> keys;
    for (const syntax::OrderSpec& spec : written.specs) {
        OrderKey key;
        key.collation = module_.statics.collation;
        if (spec.has_collation) key.collation = known_collation(spec.collation, spec.span, Code::XQST0076);
        key.key = compile(*spec.key);
        key.descending = spec.descending;
        key.empty_greatest = spec.empty == syntax::EmptyOrder::unspecified
                                 ? empty_greatest_
                                 : spec.empty == syntax::EmptyOrder::greatest;
        keys.push_back(key);
    }
    std::vector<std::uint32_t> live;
    for (std::size_t i = first_local; i < locals_.size(); ++i) live.push_back(locals_[i].slot);
    made.keys = keep(keys);
    made.live = keep(live);
    return made;
}

// A grouping variable that stands alone must be one of this expression's (XQuery 3.1, 3.12.7).
Plan Compiler::grouping_variable(const syntax::GroupingSpec& written, std::size_t first_local) {
    const xml::NameView name = expand(written.variable, Use::plain);
    for (std::size_t i = locals_.size(); i > first_local; --i) {
        const Local& local = locals_[i - 1];
        if (local.name == name) return make(LocalVariable(local.slot, local.known), written.span);
    }
    fail_at(written.variable.span, Code::XQST0094,
            "$" + shown(written.variable) + " is not bound by this FLWOR expression",
            "give it a value: group by $" + shown(written.variable) + " := …");
}

Clause Compiler::group_by(const syntax::GroupByClause& written, std::size_t first_local) {
    Clause made;
    made.form = Clause::Form::group_by;
    made.offset = written.span.offset;
    const std::size_t before = locals_.size();
    std::vector<GroupingKey> groups;
    Traits known;
    known.kinds = kAtomic;
    known.at_most_one = true;
    for (const syntax::GroupingSpec& spec : written.specs) {
        GroupingKey group;
        group.name = keep(shown(spec.variable));
        group.key = spec.value != nullptr ? compile(*spec.value) : grouping_variable(spec, first_local);
        group.collation = module_.statics.collation;
        if (spec.has_collation) group.collation = known_collation(spec.collation, spec.span, Code::XQST0076);
        group.typed = spec.type != nullptr;
        if (group.typed) group.type = sequence_type(*spec.type);
        group.slot = bind(spec.variable, known);
        groups.push_back(group);
    }
    // All other variables hold the values of a whole group from here on.
    std::vector<std::uint32_t> live;
    for (std::size_t i = first_local; i < before; ++i) {
        Local& local = locals_[i];
        const bool shadowed = std::any_of(locals_.begin() + static_cast<std::ptrdiff_t>(i) + 1, locals_.end(),
                                          [&](const Local& later) { return later.name == local.name; });
        if (shadowed) continue;
        live.push_back(local.slot);
        Traits many;
        many.kinds = local.known.kinds;
        many.at_least_one = local.known.at_least_one;
        local.known = many;
    }
    made.groups = keep(groups);
    made.live = keep(live);
    return made;
}

// The variables of `start` or `end`; all of a window clause have different names.
WindowEdge Compiler::window_edge(const syntax::WindowCondition& written, const Traits& item,
                                 std::vector<xml::NameView>& names) {
    WindowEdge edge;
    Traits neighbour = item;
    neighbour.at_least_one = false;
    const auto variable = [&](bool present, const syntax::Name& name, const Traits& known) {
        if (!present) return kNoSlot;
        window_variable(name, names);
        return bind(name, known);
    };
    edge.current = variable(written.has_current, written.current, item);
    edge.position = variable(written.has_position, written.position, integer_traits());
    edge.previous = variable(written.has_previous, written.previous, neighbour);
    edge.next = variable(written.has_next, written.next, neighbour);
    if (written.when != nullptr) edge.when = condition(*written.when);
    return edge;
}

void Compiler::window_variable(const syntax::Name& written, std::vector<xml::NameView>& names) {
    const xml::NameView name = expand(written, Use::plain);
    if (std::find(names.begin(), names.end(), name) != names.end())
        fail_at(written.span, Code::XQST0103,
                "two variables of the window clause are called $" + shown(written), "rename one of them");
    names.push_back(name);
}

Clause Compiler::window(const syntax::WindowClause& written) {
    Clause made;
    made.form = Clause::Form::window;
    made.offset = written.span.offset;
    made.expr = compile(*written.in);
    std::vector<xml::NameView> names;
    window_variable(written.variable, names);
    const Traits item = one_item_of(made.expr->traits);
    WindowPlan plan;
    plan.sliding = written.sliding;
    plan.only_end = written.only_end;
    plan.start = window_edge(written.start, item, names);
    plan.end = window_edge(written.end, item, names);
    plan.name = keep(shown(written.variable));
    plan.offset = written.variable.span.offset;
    plan.typed = written.type != nullptr;
    if (plan.typed) plan.type = sequence_type(*written.type);
    Traits known = made.expr->traits;
    known.at_least_one = true;
    known.at_least_two = false;
    made.window = program_.arena.make(plan);
    made.slot = bind(written.variable, known);
    return made;
}

Clause Compiler::clause(const syntax::Clause& written, std::size_t first_local) {
    using syntax::ClauseKind;
    Clause made;
    made.offset = written.span.offset;
    switch (written.kind) {
        case ClauseKind::for_:
            return for_clause(as<syntax::ForClause>(written), first_local);
        case ClauseKind::let: {
            const auto& let = as<syntax::LetClause>(written);
            made.form = Clause::Form::let;
            made.expr = checked(*let.value, let.type, let.variable, Bound::whole);
            made.slot = bind(let.variable, made.expr->traits);
            break;
        }
        case ClauseKind::window:
            return window(as<syntax::WindowClause>(written));
        case ClauseKind::where:  // where()
            break;
        case ClauseKind::count:
            made.form = Clause::Form::count;
            made.slot = bind(as<syntax::CountClause>(written).variable, integer_traits());
            break;
        case ClauseKind::order_by:
            return order_by(as<syntax::OrderByClause>(written), first_local);
        case ClauseKind::group_by:
            return group_by(as<syntax::GroupByClause>(written), first_local);
    }
    return made;
}

Plan Compiler::flwor(const syntax::Flwor& written) {
    const Scope scope(*this);
    const Level level(*this, written.clauses.size());
    const std::size_t first_local = locals_.size();
    std::vector<Clause> clauses;
    const Within reach(reach_, reach_);
    for (const syntax::Clause* one : written.clauses) {
        if (one->kind == syntax::ClauseKind::where)
            where(*as<syntax::WhereClause>(*one).condition, clauses, first_local);
        else
            clauses.push_back(clause(*one, first_local));
        if (may_end(clauses.back())) reach_ = std::max(reach_, Reach::perhaps);
    }
    const Plan result = compile(*written.result);
    return make(Flwor(keep(clauses), result), written.span);
}

Plan Compiler::quantified(const syntax::Quantified& written) {
    const Scope scope(*this);
    const Level level(*this, written.bindings.size());
    std::vector<Clause> clauses;
    const Within reach(reach_, reach_);
    for (const syntax::QuantifiedBinding& binding : written.bindings) {
        Clause made;
        made.form = Clause::Form::for_;
        made.offset = binding.variable.span.offset;
        made.expr = checked(*binding.in, binding.type, binding.variable, Bound::each);
        made.slot = bind(binding.variable, one_item_of(made.expr->traits));
        clauses.push_back(made);
        if (may_end(made)) reach_ = std::max(reach_, Reach::perhaps);
    }
    const Plan condition = choice(*written.satisfies);
    const auto form = written.every ? Quantified::Form::every : Quantified::Form::some;
    return make(Quantified(form, keep(clauses), condition), written.span);
}

}  // namespace clacks::xquery::plan
