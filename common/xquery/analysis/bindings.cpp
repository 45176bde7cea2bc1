// What stands for one item of a sequence at a time: variables of for, some and every, and the focus of steps
// and predicates (XQuery 3.1, 3.12 and 3.16).
#include <algorithm>
#include <utility>

#include "common/xquery/analysis/walker.hpp"

namespace clacks::xquery::analysis {

namespace {

using syntax::ClauseKind;

constexpr unsigned kMaxBinders = 64;

Place place_of(const Nodes& nodes) {
    return nodes.path.empty() ? Place() : nodes.path.back().place;
}

// That there is a node on their path, said by a test of its own, so that there being only one can be told.
Meaning presence(const Nodes& nodes) {
    if (nodes.path.empty()) return certain(true);
    return tested(test_of(Test::Kind::exists, nodes, place_of(nodes)), Level::yes, nodes.through);
}

// One value of each node, so that there are as many as nodes.
bool is_of_each(Computed::Function function) {
    using Function = Computed::Function;
    return function == Function::data || function == Function::text || function == Function::real ||
           function == Function::whole || function == Function::truth;
}

}  // namespace

Walker::Binder Walker::open(Nodes nodes) {
    Binder binder;
    if (!nodes.itself()) {
        if (open_ == kMaxBinders) throw TooMuch();
        binder.bit = Binders{1} << open_++;
    }
    binder.nodes = std::move(nodes);
    return binder;
}

Walker::Bound Walker::enter(const Part& part) {
    Bound bound;
    bound.guard = part.guard;
    const auto one_of = [&](const Nodes& nodes) {
        bound.binder = open(nodes);
        Nodes one = nodes;
        one.own.reset();
        one.through |= bound.binder->bit;
        one.single = one.sure = true;
        return one;
    };
    if (const auto* nodes = std::get_if<Nodes>(&part.content)) {
        bound.item = value_of(one_of(*nodes));
    } else if (const auto* computed = std::get_if<Computed>(&part.content)) {
        if (is_of_each(computed->function)) {
            bound.item = value_of(Computed{computed->function, one_of(computed->of)});
        } else if (computed->function == Function::string_or_none) {
            bound.item = nothing_known();
        } else {
            bound.item = value_of(*computed);
        }
    } else if (const auto* opaque = std::get_if<Opaque>(&part.content)) {
        bound.item = nothing_known();
        bound.guard = guarded(part.guard, weakened(opaque->some, Level::no, Level::no));
    } else if (const auto* truth = std::get_if<Truth>(&part.content); truth != nullptr && !truth->one) {
        bound.item = nothing_known();
    } else {
        bound.item.parts.push_back({part.content, std::nullopt});
    }
    return bound;
}

Meaning Walker::leave(const Bound& bound, Meaning meaning) {
    if (bound.binder) {
        if (bound.binder->bit != 0) --open_;
        meaning = close(*bound.binder, std::move(meaning));
    }
    return guarded(bound.guard, std::move(meaning));
}

Value Walker::leave(const Bound& bound, Value value) {
    if (bound.binder && bound.binder->bit != 0) {
        --open_;
        for (Part& part : value.parts) close(*bound.binder, part, value);
    }
    if (!bound.guard) return value;
    for (Part& part : value.parts) {
        take(bound.guard->tests);
        part.guard = part.guard ? all(*bound.guard, std::move(*part.guard)) : *bound.guard;
    }
    return value;
}

// That it is so for one of the nodes.
Meaning Walker::close(const Binder& binder, Meaning meaning) {
    const Nodes& nodes = binder.nodes;
    if (binder.bit == 0) return meaning;
    const bool depends = (meaning.through & binder.bit) != 0;
    const bool several = (meaning.several & binder.bit) != 0;
    const bool implied = (meaning.implied & binder.bit) != 0;
    for (Binders* set : {&meaning.through, &meaning.implied, &meaning.several}) *set &= ~binder.bit;
    meaning.opposite.reset();
    if (!depends || (!several && !nodes.own))
        return implied ? meaning : all(existence(nodes, place_of(nodes)), std::move(meaning));
    // Which node it was is lost.
    Meaning there = all(presence(nodes), existence(nodes, place_of(nodes)));
    return weakened(all(std::move(there), std::move(meaning)), nodes.deep ? Level::no : Level::if_single);
}

void Walker::close(const Binder& binder, Part& part, Value& value) {
    const Nodes& from = binder.nodes;
    const Level one = from.single ? Level::yes : Level::no;
    const auto close_guard = [&] { part.guard = close(binder, guarded(part.guard, certain(true))); };
    const auto close_nodes = [&](Nodes& nodes) {
        if ((nodes.through & binder.bit) == 0) {  // the same ones again and again
            value.safe = std::min(value.safe, one);
            return close_guard();
        }
        if (nodes.own || part.guard || from.own) {
            nodes.own = close(binder, guarded(part.guard, existence(nodes, place_of(nodes))));
            part.guard.reset();
        }
        nodes.through &= ~binder.bit;
        nodes.single = nodes.single && from.single;
        nodes.sure = false;
    };
    if (auto* nodes = std::get_if<Nodes>(&part.content)) {
        close_nodes(*nodes);
    } else if (auto* computed = std::get_if<Computed>(&part.content)) {
        if (computed->function == Function::number) {
            close_guard();
            part.content = Opaque{unknown()};
            return;
        }
        if (computed->function == Function::string)
            computed->function = computed->of.sure ? Function::text : Function::string_or_none;
        if (!is_of_each(computed->function)) value.safe = std::min(value.safe, one);
        close_nodes(computed->of);
    } else if (auto* truth = std::get_if<Truth>(&part.content)) {
        Meaning closed = close(binder, guarded(part.guard, std::move(truth->meaning)));
        Meaning there = weakened(presence(from), Level::yes, from.deep ? Level::no : Level::if_single);
        truth->meaning = all(std::move(there), std::move(closed));
        truth->one = false;
        part.guard.reset();
    } else if (auto* opaque = std::get_if<Opaque>(&part.content)) {
        opaque->some = close(binder, guarded(part.guard, std::move(opaque->some)));
        part.guard.reset();
    } else {
        value.safe = std::min(value.safe, one);
        close_guard();
        if (std::holds_alternative<Count>(part.content)) part.content = Opaque{unknown()};
    }
}

Value Walker::flwor(const syntax::Flwor& expr, std::size_t clause) {
    const Nesting nesting(depth_);
    if (clause == expr.clauses.size()) return value(*expr.result);
    const syntax::Clause& next = *expr.clauses[clause];
    switch (next.kind) {
        case ClauseKind::for_:
            return for_clause(expr, clause);
        case ClauseKind::let:
            return let_clause(expr, clause);
        case ClauseKind::where:
            return where_clause(expr, clause);
        case ClauseKind::order_by: {
            Value result = flwor(expr, clause + 1);
            result.safe = Level::no;  // its keys may not compare
            return result;
        }
        case ClauseKind::count: {
            const Scope::Frame frame(scope_);
            scope_.bind(scope_.expand(syntax::as<syntax::CountClause>(next).variable, Scope::Use::plain),
                        nothing_known());
            return flwor(expr, clause + 1);
        }
        case ClauseKind::window:
        case ClauseKind::group_by:
            break;
    }
    return nothing_known();
}

Value Walker::for_clause(const syntax::Flwor& expr, std::size_t clause) {
    const auto& written = syntax::as<syntax::ForClause>(*expr.clauses[clause]);
    const Value in = written.allowing_empty ? nothing_known() : value(*written.in);
    const ExpandedName name = scope_.expand(written.variable, Scope::Use::plain);
    Value result;
    result.safe = written.type == nullptr ? in.safe : Level::no;
    result.exclusive = in.parts.size() == 1;
    for (const Part& part : in.parts) {
        const Bound bound = enter(part);
        const Scope::Frame frame(scope_);
        scope_.bind(name, bound.item);
        if (written.has_position)
            scope_.bind(scope_.expand(written.position, Scope::Use::plain), nothing_known());
        Value next = leave(bound, flwor(expr, clause + 1));
        result.safe = std::min({result.safe, next.safe, safe_entered(part, next.parts.empty())});
        result.exclusive = result.exclusive && (next.exclusive || next.parts.size() < 2);
        for (Part& one : next.parts) result.parts.push_back(std::move(one));
        if (result.parts.size() > kMaxTests) throw TooMuch();
    }
    return result;
}

Value Walker::let_clause(const syntax::Flwor& expr, std::size_t clause) {
    const auto& written = syntax::as<syntax::LetClause>(*expr.clauses[clause]);
    Value given = value(*written.value);
    const Level safe = written.type == nullptr ? safe_unused(given) : Level::no;
    const Scope::Frame frame(scope_);
    scope_.bind(scope_.expand(written.variable, Scope::Use::plain), std::move(given));
    Value result = flwor(expr, clause + 1);
    result.safe = std::min(result.safe, safe);
    return result;
}

Value Walker::where_clause(const syntax::Flwor& expr, std::size_t clause) {
    const Meaning condition = truth(*syntax::as<syntax::WhereClause>(*expr.clauses[clause]).condition);
    Value result = flwor(expr, clause + 1);
    if (result.parts.empty() && condition.safe != Level::yes) result.safe = Level::no;
    for (Part& part : result.parts) {
        take(condition.tests);
        part.guard = part.guard ? all(condition, std::move(*part.guard)) : condition;
    }
    return result;
}

// That it is so for some of the items, or for every that it is not.
Meaning Walker::quantified(const syntax::Quantified& expr, std::size_t binding) {
    const Nesting nesting(depth_);
    if (binding == expr.bindings.size()) {
        Meaning meaning = truth(*expr.satisfies);
        return expr.every ? none(std::move(meaning)) : meaning;
    }
    const syntax::QuantifiedBinding& written = expr.bindings[binding];
    const Value in = value(*written.in);
    const ExpandedName name = scope_.expand(written.variable, Scope::Use::plain);
    Meaning meaning = certain(false);
    Level safe = written.type == nullptr ? in.safe : Level::no;
    for (const Part& part : in.parts) {
        const Bound bound = enter(part);
        const Scope::Frame frame(scope_);
        scope_.bind(name, bound.item);
        meaning = any(std::move(meaning), leave(bound, quantified(expr, binding + 1)));
        safe = std::min(safe, safe_entered(part, false));
    }
    return weakened(std::move(meaning), Level::yes, safe);
}

}  // namespace clacks::xquery::analysis
