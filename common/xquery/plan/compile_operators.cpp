// Operators of one or two operands, and chains of them (XQuery 3.1, 3.5 to 3.8, 3.18).
#include <algorithm>
#include <optional>
#include <string>

#include "common/xquery/plan/comparison.hpp"
#include "common/xquery/plan/compiler.hpp"
#include "common/xquery/plan/path.hpp"
#include "common/xquery/plan/useless.hpp"

namespace clacks::xquery::plan {

namespace {

using syntax::ExprKind;
using Symbol = syntax::Operator;

Comparison comparison_of(Symbol op) {
    const auto first = op >= Symbol::general_eq ? Symbol::general_eq : Symbol::eq;
    return static_cast<Comparison>(static_cast<int>(op) - static_cast<int>(first));
}

Arithmetic arithmetic_of(Symbol op) {
    switch (op) {
        case Symbol::plus:
            return Arithmetic::add;
        case Symbol::minus:
            return Arithmetic::subtract;
        case Symbol::multiply:
            return Arithmetic::multiply;
        case Symbol::divide:
            return Arithmetic::divide;
        case Symbol::integer_divide:
            return Arithmetic::integer_divide;
        default:
            return Arithmetic::modulo;
    }
}

// A small whole number that is known, for comparing counts.
std::optional<std::uint64_t> known_count(Plan plan) {
    const Value* value = plan->constant();
    if (value == nullptr || value->size() != 1) return std::nullopt;
    const Item& item = value->front();
    if (!is_integer(item.type) || item.wide() || item.integer < 0 || item.integer > 1'000'000'000)
        return std::nullopt;
    return static_cast<std::uint64_t>(item.integer);
}

}  // namespace

// Whose effective boolean value counts.
Plan Compiler::condition(const Expr& expr) {
    const Plan made = compile(expr);
    tell(truth_problem(made->traits), expr.span);
    return made;
}

// One that chooses between two ways, so that it is of no use where it always comes out alike.
Plan Compiler::choice(const Expr& expr) {
    const Plan made = condition(expr);
    tell(constant_condition(made), expr.span);
    return made;
}

Plan Compiler::calculation(Arithmetic op, Plan left, Plan right, syntax::Span at) {
    tell(arithmetic_problem(op, left->traits, right->traits), at);
    return make(Calculation(op, left, right), at);
}

Plan Compiler::node_set(NodeSet::Form form, Plan left, Plan right, syntax::Span at) {
    constexpr std::string_view kNames[] = {"union", "intersect", "except"};
    for (const Plan operand : {left, right})
        tell(node_problem(operand->traits, kNames[static_cast<std::size_t>(form)], Code::XPTY0004), at);
    return make(NodeSet(form, left, right), at);
}

Plan Compiler::simple_map(const syntax::Chain& written) {
    Plan left = compile(*written.first);
    for (const syntax::Operand& operand : written.rest) {
        const Within reach(reach_, left->traits.at_least_one ? reach_ : std::max(reach_, Reach::perhaps));
        const Within focus(focus_, left->traits.kinds);
        left = make(FocusPath(left, compile(*operand.expr), FocusPath::Form::simple_map), written.span);
    }
    return left;
}

// or, and
Plan Compiler::logic(const syntax::Chain& written) {
    std::vector<Plan> parts{choice(*written.first)};
    const Within reach(reach_, std::max(reach_, Reach::perhaps));
    for (const syntax::Operand& operand : written.rest) parts.push_back(choice(*operand.expr));
    const auto form = written.kind == ExprKind::or_ ? Logic::Form::any : Logic::Form::all;
    return make(Logic(form, keep(parts)), written.span);
}

Plan Compiler::concatenation(const syntax::Chain& written) {
    std::vector<Plan> parts{compile(*written.first)};
    tell(single_problem(parts.front()->traits, "an operand of ||"), written.first->span);
    for (const syntax::Operand& operand : written.rest) {
        parts.push_back(compile(*operand.expr));
        tell(single_problem(parts.back()->traits, "an operand of ||"), operand.expr->span);
    }
    return make(Concatenation(keep(parts)), written.span);
}

Plan Compiler::chain(const syntax::Chain& written) {
    if (written.kind == ExprKind::or_ || written.kind == ExprKind::and_) return logic(written);
    if (written.kind == ExprKind::concat) return concatenation(written);
    const Level level(*this, written.rest.size());
    if (written.kind == ExprKind::simple_map) return simple_map(written);
    Plan left = compile(*written.first);
    for (const syntax::Operand& operand : written.rest) {
        const Plan right = compile(*operand.expr);
        const syntax::Span at = operand.op_span;
        switch (operand.op) {
            case Symbol::union_:
                left = node_set(NodeSet::Form::unite, left, right, at);
                break;
            case Symbol::intersect:
                left = node_set(NodeSet::Form::intersect, left, right, at);
                break;
            case Symbol::except:
                left = node_set(NodeSet::Form::except, left, right, at);
                break;
            default:
                left = calculation(arithmetic_of(operand.op), left, right, at);
                break;
        }
    }
    return left;
}

Plan Compiler::general(Comparison op, Plan left, Plan right, syntax::Span at) {
    // The right side is held while the left one streams, so a constant belongs on the right.
    if (on(Rewrite::constant_on_right) && left->constant() != nullptr && right->constant() == nullptr)
        return make(GeneralComparison(mirrored(op), right, left), at);
    return make(GeneralComparison(op, left, right), at);
}

Plan Compiler::comparison(const syntax::Comparison& written) {
    const Plan left = compile(*written.left);
    return compared(written, left, compile(*written.right));
}

Plan Compiler::compared(const syntax::Comparison& written, Plan left, Plan right) {
    const syntax::Span at = written.op_span;
    if (written.kind == ExprKind::node_comparison) {
        const auto form = written.op == Symbol::is         ? NodeComparison::Form::is
                          : written.op == Symbol::precedes ? NodeComparison::Form::before
                                                           : NodeComparison::Form::after;
        for (const Plan operand : {left, right})
            tell(node_problem(operand->traits, syntax::operator_text(written.op), Code::XPTY0004), at);
        return make(NodeComparison(form, left, right), at);
    }
    const Comparison op = comparison_of(written.op);
    tell(written.kind == ExprKind::value_comparison
             ? value_comparison_problem(op, left->traits, right->traits)
             : general_comparison_problem(op, left->traits, right->traits),
         at);
    tell(constant_comparison(op, left, right), at);
    const bool counts = on(Rewrite::count_comparison);
    if (const auto* counted = counts ? dynamic_cast<const CountOf*>(left) : nullptr) {
        if (const auto bound = known_count(right))
            return make(CountComparison(op, counted->operand(), *bound), at);
    }
    if (const auto* counted = counts ? dynamic_cast<const CountOf*>(right) : nullptr) {
        if (const auto bound = known_count(left))
            return make(CountComparison(mirrored(op), counted->operand(), *bound), at);
    }
    if (written.kind == ExprKind::value_comparison) return make(ValueComparison(op, left, right), at);
    return general(op, left, right, at);
}

Plan Compiler::type_test(const syntax::TypeExpr& written) {
    const syntax::Span at = written.span;
    const Plan operand = compile(*written.operand);
    const SequenceType type = sequence_type(*written.type);
    if (written.kind == ExprKind::instance_of) return make(InstanceOf(operand, type), at);
    tell(match_problem(operand->traits, type, "the operand of treat", Code::XPDY0050), at);
    return make(Checked(operand, type, Code::XPDY0050, "the operand of treat"), at);
}

Plan Compiler::cast(const syntax::CastExpr& written) {
    const syntax::Span at = written.span;
    const Plan operand = compile(*written.operand);
    const xml::NameView name = expand(written.type.name, Use::element);
    const syntax::Span type_at = written.type.span;
    const bool built_in = name.uri == kXsNamespace;
    if (built_in &&
        (name.local == "NOTATION" || name.local == "anySimpleType" || name.local == "anyAtomicType"))
        fail_at(type_at, Code::XPST0080, "nothing can be cast to " + shown(written.type.name),
                "name a concrete type");
    CastTarget target;
    target.allow_empty = written.type.optional;
    const std::optional<Type> member = built_in ? list_member(name.local) : std::nullopt;
    const std::optional<Type> type = built_in && !member ? type_named(name.local) : member;
    if (!type)
        fail_at(type_at, Code::XQST0052,
                "'" + shown(written.type.name) + "' is not the name of a simple type", type_hint(name));
    target.type = *type;
    target.list = member.has_value();
    if (written.kind == ExprKind::castable) return make(Castable(operand, target, statics()), at);
    tell(cast_problem(operand->traits, *type, target.allow_empty), at);
    if (target.list) return make(ListCast(operand, target), at);
    return make(Cast(operand, *type, written.type.optional, statics()), at);
}

}  // namespace clacks::xquery::plan
