// Paths, steps, node tests and predicates.
#include <algorithm>
#include <string>

#include "common/xquery/plan/compiler.hpp"
#include "common/xquery/plan/path.hpp"

namespace clacks::xquery::plan {

namespace {

using syntax::ExprKind;

// descendant-or-self::node() as "//" leaves it.
bool is_abbreviation(const syntax::Expr& expr) {
    if (expr.kind != ExprKind::axis_step) return false;
    const auto& step = as<syntax::AxisStep>(expr);
    return step.axis == syntax::Axis::descendant_or_self && step.predicates.empty() &&
           step.test.kind != nullptr && step.test.kind->kind == syntax::KindTest::Kind::node;
}

}  // namespace

NodeTest Compiler::node_test(const syntax::NodeTest& written, Axis axis) {
    NodeTest test;
    test.principal = axis == Axis::attribute ? xml::NodeKind::attribute : xml::NodeKind::element;
    const Use use = axis == Axis::attribute ? Use::plain : Use::element;
    if (written.kind != nullptr) {
        test.type = node_type(*written.kind);
        test.form = test.type.kind == ItemType::Kind::node ? NodeTest::Form::any_node : NodeTest::Form::type;
        // element(name) is a name test where elements are what the axis selects.
        const bool elements = test.type.kind == ItemType::Kind::element && axis != Axis::attribute;
        const bool attributes = test.type.kind == ItemType::Kind::attribute && axis == Axis::attribute;
        if ((elements || attributes) && test.type.has_name && !test.type.never) {
            test.form = NodeTest::Form::name;
            test.name = test.type.name;
            test.hash = test.type.name_hash;
            test.memo = program_.memos++;
        }
        return test;
    }
    switch (written.name.wildcard) {
        case syntax::Wildcard::any:
            test.form = NodeTest::Form::any_name;
            break;
        case syntax::Wildcard::any_prefix:
            test.form = NodeTest::Form::local_name;
            test.name.local = keep(written.name.name.local);
            break;
        case syntax::Wildcard::any_local: {
            test.form = NodeTest::Form::in_namespace;
            const syntax::Name& name = written.name.name;
            test.name.uri = keep(name.braced ? name.uri : namespace_of(name.prefix, name.span));
            break;
        }
        case syntax::Wildcard::none:
            test.form = NodeTest::Form::name;
            test.name = expand(written.name.name, use);
            test.hash = xml::name_hash(test.name.uri, test.name.local);
            test.memo = program_.memos++;
            break;
    }
    return test;
}

namespace {

// A number that is no position of any item.
bool selects_nothing(const Predicate& predicate) {
    return predicate.form == Predicate::Form::position && predicate.position == 0;
}

}  // namespace

// Of items of the given kinds.
std::span<const Predicate> Compiler::predicates(syntax::List<const Expr*> exprs, Kinds items) {
    const Level level(*this, exprs.size());
    const Within focus(focus_, items);
    const Within reach(reach_, std::max(reach_, Reach::perhaps));
    std::vector<Predicate> found;
    for (const Expr* expr : exprs) {
        role_ = ExplainedExpression::Role::predicate;
        const Plan condition = this->condition(*expr);
        if (selects_nothing(Predicate::of(condition)))
            tell(TypeProblem{Code::XPST0005, "this predicate never selects anything",
                             "positions are 1, 2, 3 …", false},
                 expr->span);
        found.push_back(Predicate::of(condition, on(Rewrite::known_position)));
    }
    return keep(found);
}

const Step* Compiler::step(const syntax::AxisStep& written, Axis axis) {
    const NodeTest test = node_test(written.test, axis);
    const Kinds kinds = step_kinds(axis, test, focus_);
    if (kinds == kNothing && (focus_ & kNodes) != 0) {
        const std::string from = to_string(focus_ & kNodes);
        tell(TypeProblem{Code::XPST0005, "this step never finds anything from " + from, {}, false},
             written.span);
    }
    const std::span<const Predicate> conditions = predicates(written.predicates, kinds);
    Step* made = make(Step(axis, test, conditions), written.span);
    made->traits.kinds = kinds;
    for (const Predicate& condition : conditions)
        made->traits.effects |= condition.condition->traits.effects & ~kFocus;
    return made;
}

Plan Compiler::step_from(Plan left, const syntax::AxisStep& written) {
    return make(StepPath(left, step(written, static_cast<Axis>(written.axis)), program_.arena), written.span);
}

Plan Compiler::join(Plan left, const Expr& right, bool last) {
    auto problem = node_problem(left->traits, "a step", Code::XPTY0019);
    if (problem) problem->hint = "use the simple map operator ! for values that are not nodes";
    const Within focus(focus_, problem ? kAnything : left->traits.kinds & kNodes);
    tell(std::move(problem), right.span);
    const Within reach(reach_, left->traits.at_least_one ? reach_ : std::max(reach_, Reach::perhaps));
    if (right.kind == ExprKind::axis_step) {
        const auto& written = as<syntax::AxisStep>(right);
        return explained() && !is_abbreviation(right) ? watched_join(left, written)
                                                      : step_from(left, written);
    }
    return make(FocusPath(left, compile(right), last ? FocusPath::Form::path : FocusPath::Form::inner_path),
                right.span);
}

Plan Compiler::root(syntax::Span at) {
    StaticType item{focus_, true, true};
    tell(node_problem(item, "a path that begins with /", Code::XPTY0020), at);
    Root* made = make(Root(), at);
    made->traits.kinds = kDocument;
    return made;
}

// A step at the begin of a path or by itself, from the context item.
Plan Compiler::first_step(const syntax::AxisStep& written) {
    const StaticType item{focus_, true, true};
    tell(node_problem(item, "a step", Code::XPTY0020), written.span);
    return step(written, static_cast<Axis>(written.axis));
}

Plan Compiler::path(const syntax::Path& written) {
    const Level level(*this, written.steps.size());
    Plan left = nullptr;
    if (written.from_root) left = root(written.span);
    for (std::size_t i = 0; i < written.steps.size(); ++i) {
        const Expr& current = *written.steps[i];
        role_ = ExplainedExpression::Role::step;
        // a//b is a/descendant::b unless a predicate counts positions among the children.
        if (on(Rewrite::descendant_step) && is_abbreviation(current) && i + 1 < written.steps.size() &&
            written.steps[i + 1]->kind == ExprKind::axis_step) {
            const auto& next = as<syntax::AxisStep>(*written.steps[i + 1]);
            if (next.axis == syntax::Axis::child) {
                const Within focus(focus_, left == nullptr ? focus_ : left->traits.kinds & kNodes);
                const Step* direct = step(next, Axis::descendant);
                const bool positional = std::any_of(
                    direct->predicates().begin(), direct->predicates().end(), [](const Predicate& p) {
                        return p.form != Predicate::Form::truth ||
                               (p.condition->traits.effects & (kPosition | kLast)) != 0;
                    });
                if (!positional) {
                    left = left == nullptr ? static_cast<Plan>(direct)
                                           : make(StepPath(left, direct, program_.arena), next.span);
                    ++i;
                    continue;
                }
            }
        }
        left = left == nullptr ? compile(current) : join(left, current, i + 1 == written.steps.size());
    }
    return left;
}

}  // namespace clacks::xquery::plan
