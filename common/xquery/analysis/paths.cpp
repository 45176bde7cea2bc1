// Paths, steps and predicates (XQuery 3.1, 3.3).
#include <algorithm>
#include <utility>

#include "common/xquery/analysis/walker.hpp"

namespace clacks::xquery::analysis {

namespace {

using syntax::Axis;
using syntax::ExprKind;
using syntax::KindTest;

Step step_to(Step::Axis axis, const Step& step) {
    Step result = step;
    result.axis = axis;
    return result;
}

bool is_any_node(const syntax::AxisStep& step) {
    return step.test.kind != nullptr && step.test.kind->kind == KindTest::Kind::node;
}

bool at_attribute(const Nodes& nodes) {
    return !nodes.path.empty() && nodes.path.back().axis == Step::Axis::attribute;
}

// What remains where both have to be so; false where nothing can be both.
bool narrow(std::optional<std::string>& name, const std::optional<std::string>& other) {
    if (name && other) return *name == *other;
    if (!name) name = other;
    return true;
}

// Those of `from` that lead to the path, and what is there: both have to be.
Nodes reached(const Nodes& from, Path path) {
    if (path.size() > kMaxSteps) throw TooMuch();
    Nodes next;
    next.path = std::move(path);
    next.through = from.through;
    if (from.own) {
        const Place at = next.path.back().place;
        Meaning there = tested(test_of(Test::Kind::exists, from, at), Level::yes, from.through);
        Meaning here = tested(test_of(Test::Kind::exists, next, at), Level::yes, from.through);
        next.own = weakened(all(all(std::move(there), *from.own), std::move(here)), Level::if_single);
    }
    return next;
}

}  // namespace

Value settled(Value value) {
    for (Part& part : value.parts) {
        const auto* nodes = std::get_if<Nodes>(&part.content);
        if (nodes == nullptr || !nodes->deep) continue;
        const Place at = nodes->path.empty() ? Place() : nodes->path.back().place;
        part.content = Opaque{existence(Nodes(*nodes), at)};
    }
    return value;
}

Value Walker::focus() const {
    return focus_ ? value_of(*focus_) : nothing_known();
}

Value Walker::path(const syntax::Path& path) {
    Value result;
    std::size_t next = 0;
    if (path.from_root) {
        Nodes root;
        root.single = root.sure = true;
        result = focus_ ? value_of(std::move(root)) : nothing_known();
    } else if (path.steps.front()->kind == ExprKind::axis_step) {
        result = focus();
    } else {
        result = value(*path.steps[next++]);
    }
    for (; next < path.steps.size(); ++next) {
        const syntax::Expr& step = *path.steps[next];
        take(size_of(result));
        result = step.kind == ExprKind::axis_step ? axis_step(result, syntax::as<syntax::AxisStep>(step))
                                                  : mapped(result, step);
    }
    return result;
}

Value Walker::axis_step(const Value& base, const syntax::AxisStep& written) {
    Value result;
    result.safe = base.safe;
    for (const Part& part : base.parts) {
        const std::size_t before = result.parts.size();
        if (const auto* nodes = std::get_if<Nodes>(&part.content)) {
            step(result, *nodes, written);
            if (before == result.parts.size()) result.safe = std::min(result.safe, safe_unused(part));
            for (std::size_t i = before; i < result.parts.size(); ++i) result.parts[i].guard = part.guard;
        } else {
            result.parts.push_back({Opaque{some_of(part, place(written.span))}, std::nullopt});
        }
    }
    for (const syntax::Expr* predicate : written.predicates) result = filtered(std::move(result), *predicate);
    return result;
}

void Walker::step(Value& to, const Nodes& from, const syntax::AxisStep& written) {
    const auto add = [&](Nodes nodes) { to.parts.push_back({std::move(nodes), std::nullopt}); };
    const std::optional<Step> step = step_of(written);
    const bool any_node = is_any_node(written);
    if (written.axis == Axis::self && any_node) return add(from);
    if (written.axis == Axis::descendant_or_self && any_node) {
        Nodes nodes = from;
        nodes.deep = true;
        nodes.single = false;
        return add(std::move(nodes));
    }
    if (step) {
        switch (written.axis) {
            case Axis::child:
                return go(to, from, step_to(Step::Axis::child, *step));
            case Axis::descendant:
                return go(to, from, step_to(Step::Axis::descendant, *step));
            case Axis::attribute:
                return go(to, from, step_to(Step::Axis::attribute, *step));
            case Axis::self:
                go_to_self(to, from, *step);
                if (!from.deep) return;
                return go(to, from, step_to(Step::Axis::descendant, *step));
            case Axis::descendant_or_self:
                go_to_self(to, from, *step);
                return go(to, from, step_to(Step::Axis::descendant, *step));
            default:
                break;
        }
    }
    to.parts.push_back({Opaque{existence(from, place(written.test.span))}, std::nullopt});
}

// None for tests of nodes that are neither elements nor attributes, or of types.
std::optional<Step> Walker::step_of(const syntax::AxisStep& written) const {
    const bool attribute = written.axis == Axis::attribute;
    Step step;
    step.place = place(written.test.span);
    if (const KindTest* kind = written.test.kind) {
        const bool all = kind->kind == KindTest::Kind::node && attribute;
        if (!all && (kind->kind != (attribute ? KindTest::Kind::attribute : KindTest::Kind::element)))
            return std::nullopt;
        if (kind->has_type) return std::nullopt;
        if (!kind->has_name) return step;
        ExpandedName name = scope_.expand(kind->name, attribute ? Scope::Use::plain : Scope::Use::element);
        step.uri = std::move(name.uri);
        step.local = std::move(name.local);
        return step;
    }
    const syntax::NameTest& test = written.test.name;
    using syntax::Wildcard;
    if (test.wildcard == Wildcard::any) return step;
    if (test.wildcard == Wildcard::any_prefix) {
        step.local = std::string(test.name.local);
        return step;
    }
    ExpandedName name = scope_.expand(test.name, attribute ? Scope::Use::plain : Scope::Use::element);
    step.uri = std::move(name.uri);
    if (test.wildcard == Wildcard::none) step.local = std::move(name.local);
    return step;
}

void Walker::go(Value& to, const Nodes& from, Step step) {
    if (at_attribute(from)) return;
    const bool to_attribute = step.axis == Step::Axis::attribute;
    Path path = from.path;
    if (from.deep && to_attribute) {
        Nodes itself = from;
        itself.deep = itself.single = false;
        go(to, itself, step);
        Step below;
        below.axis = Step::Axis::descendant;
        below.place = step.place;
        path.push_back(std::move(below));
    }
    if (path.empty() && to_attribute) return;
    if (from.deep && step.axis == Step::Axis::child) step.axis = Step::Axis::descendant;
    const bool one = to_attribute && from.single && !from.deep && step.uri && step.local;
    path.push_back(std::move(step));
    Nodes next = reached(from, std::move(path));
    next.single = one;
    to.parts.push_back({std::move(next), std::nullopt});
}

// Of elements only.
void Walker::go_to_self(Value& to, const Nodes& from, const Step& step) {
    if (from.path.empty() || at_attribute(from)) return;
    Path path = from.path;
    Step& last = path.back();
    if (!narrow(last.uri, step.uri) || !narrow(last.local, step.local)) return;
    const bool same = last.uri == from.path.back().uri && last.local == from.path.back().local;
    Nodes next = same ? from : reached(from, std::move(path));
    next.deep = false;
    next.single = from.single && !from.deep;
    to.parts.push_back({std::move(next), std::nullopt});
}

Value Walker::postfix(const syntax::PostfixExpr& expr) {
    Value result = value(*expr.base);
    for (const syntax::Postfix& postfix : expr.postfixes) {
        if (postfix.kind != syntax::Postfix::Kind::predicate) return nothing_known();
        result = filtered(std::move(result), *postfix.predicate);
    }
    return result;
}

Value Walker::filtered(Value value, const syntax::Expr& predicate) {
    value = settled(std::move(value));
    const bool only = value.parts.size() == 1;
    for (Part& part : value.parts) {
        if (auto* nodes = std::get_if<Nodes>(&part.content)) {
            nodes->own = selected(*nodes, predicate, only);
            nodes->sure = false;
        } else {
            part = {Opaque{some_of(part, place(predicate.span))}, std::nullopt};
        }
    }
    return value;
}

// What has to be where one of the nodes passes the predicate.
Meaning Walker::selected(const Nodes& nodes, const syntax::Expr& predicate, bool only) {
    const Place at = place(predicate.span);
    const Bound bound = enter({nodes, std::nullopt});
    std::optional<Nodes> outer = std::exchange(focus_, std::get<Nodes>(bound.item.parts.front().content));
    const Value given = value(predicate);
    focus_ = std::move(outer);
    Meaning meaning = unknown();
    if (!may_be_number(given)) {
        meaning = truth_of(given, at);
    } else if (const auto* known = std::get_if<Constant>(&given.parts.front().content);
               known != nullptr && given.parts.size() == 1 && !given.parts.front().guard &&
               known->value == Literal(1.0)) {
        meaning = weakened(certain(true), only ? Level::yes : Level::no);  // the first of them
    } else {
        meaning = weakened(some_of(given, at), Level::no, Level::no);
    }
    return leave(bound, std::move(meaning));
}

Value Walker::mapped(const Value& value, const syntax::Expr& expr) {
    Value result;
    result.safe = value.safe;
    result.exclusive = value.parts.size() == 1;
    for (const Part& part : value.parts) {
        const Bound bound = enter(part);
        const Part& item = bound.item.parts.front();
        const auto* nodes = std::get_if<Nodes>(&item.content);
        std::optional<Nodes> outer =
            std::exchange(focus_, nodes == nullptr ? std::nullopt : std::optional(*nodes));
        Value next = leave(bound, this->value(expr));
        focus_ = std::move(outer);
        result.safe = std::min({result.safe, next.safe, safe_entered(part, next.parts.empty())});
        result.exclusive = result.exclusive && (next.exclusive || next.parts.size() < 2);
        for (Part& one : next.parts) result.parts.push_back(std::move(one));
        if (result.parts.size() > kMaxTests) throw TooMuch();
    }
    return result;
}

}  // namespace clacks::xquery::analysis
