#include "common/xquery/analysis/walker.hpp"

#include <algorithm>
#include <utility>

#include "common/base/text.hpp"
#include "common/xquery/values/cast.hpp"
#include "common/xquery/values/number.hpp"

namespace clacks::xquery::analysis {

namespace {

using syntax::as;
using syntax::ExprKind;

constexpr std::size_t kMaxWork = 100'000;

std::optional<double> number_of(std::string_view text, Type type) {
    Arena arena;
    const auto item = try_cast(Item::of_text(text), type, arena);
    return item ? std::optional(double_of(*item)) : std::nullopt;
}

}  // namespace

Walker::Walker(const syntax::Ast& ast, const CompileOptions& options)
    : ast_(ast), scope_(ast.module().prolog, options) {}

Meaning Walker::run() {
    const syntax::Module& module = ast_.module();
    if (module.body == nullptr) return unknown();
    const auto& context = module.prolog.context_item;
    if (!context || context->value == nullptr) {
        focus_.emplace();
        focus_->single = focus_->sure = true;
    }
    declare(module.prolog);
    // What comes from outside may be of another type than is declared, which is an error.
    const auto& variables = module.prolog.variables;
    const bool typed = std::any_of(variables.begin(), variables.end(), [](const auto& declared) {
        return declared.external && declared.type != nullptr;
    });
    return weakened(truth(*module.body), Level::yes, context || typed ? Level::no : Level::yes);
}

// Those whose values are known where they stand; others, as those of library modules, are anything.
void Walker::declare(const syntax::Prolog& prolog) {
    for (const syntax::VariableDeclaration& declared : prolog.variables) {
        ExpandedName name = scope_.expand(declared.name, Scope::Use::plain);
        Value given = declared.external ? nothing_known() : value(*declared.value);
        if (declared.type != nullptr || safe_unused(given) != Level::yes) given.safe = Level::no;
        scope_.bind(std::move(name), std::move(given));
    }
}

Place Walker::place(syntax::Span span) const {
    const Position position = position_of(ast_.text(), span.offset - ast_.first());
    return {position.line, position.column};
}

void Walker::take(std::size_t work) {
    work_ += work;
    if (work_ > kMaxWork) throw TooMuch();
}

Meaning Walker::truth(const syntax::Expr& expr) {
    return truth_of(value(expr), place(expr.span));
}

Value Walker::value(const syntax::Expr& expr) {
    const Nesting nesting(depth_);
    take(1);
    Value result = value_of_kind(expr);
    if (result.parts.size() > kMaxTests) throw TooMuch();
    return result;
}

Value Walker::value_of_kind(const syntax::Expr& expr) {
    switch (expr.kind) {
        case ExprKind::integer_literal:
        case ExprKind::decimal_literal:
        case ExprKind::double_literal:
            return constant(as<syntax::NumericLiteral>(expr));
        case ExprKind::string_literal:
            return value_of(Constant{std::string(as<syntax::StringLiteral>(expr).value)});
        case ExprKind::variable_reference:
            return variable(as<syntax::VariableReference>(expr));
        case ExprKind::context_item:
            return settled(focus());
        case ExprKind::sequence:
            return sequence(as<syntax::Sequence>(expr).items);
        case ExprKind::ordered:
        case ExprKind::unordered:
            return value(*as<syntax::OrderingExpr>(expr).operand);
        case ExprKind::axis_step:
            return settled(axis_step(focus(), as<syntax::AxisStep>(expr)));
        case ExprKind::path:
            return settled(path(as<syntax::Path>(expr)));
        case ExprKind::postfix:
            return postfix(as<syntax::PostfixExpr>(expr));
        case ExprKind::if_:
            return conditional(as<syntax::If>(expr));
        case ExprKind::flwor:
            return flwor(as<syntax::Flwor>(expr), 0);
        case ExprKind::quantified: {
            const auto& quantifier = as<syntax::Quantified>(expr);
            Meaning meaning = quantified(quantifier, 0);
            return value_of(Truth{quantifier.every ? none(std::move(meaning)) : std::move(meaning)});
        }
        case ExprKind::function_call: {
            const auto& written = as<syntax::FunctionCall>(expr);
            return call(written.name, values(written.arguments), place(expr.span));
        }
        default:
            return operator_value(expr);
    }
}

Value Walker::operator_value(const syntax::Expr& expr) {
    switch (expr.kind) {
        case ExprKind::or_:
        case ExprKind::and_:
            return logical(as<syntax::Chain>(expr));
        case ExprKind::union_:
        case ExprKind::intersect_except:
        case ExprKind::simple_map:
            return chain(as<syntax::Chain>(expr));
        case ExprKind::value_comparison:
        case ExprKind::general_comparison:
        case ExprKind::node_comparison:
            // Two of these three give nothing of nothing.
            return value_of(
                Truth{comparison(as<syntax::Comparison>(expr)), expr.kind == ExprKind::general_comparison});
        case ExprKind::unary:
            return unary(as<syntax::Unary>(expr));
        case ExprKind::arrow:
            return arrow(as<syntax::Arrow>(expr));
        case ExprKind::cast:
            return cast(as<syntax::CastExpr>(expr));
        case ExprKind::treat: {
            Value result = value(*as<syntax::TypeExpr>(expr).operand);
            result.safe = Level::no;
            return result;
        }
        case ExprKind::castable:
        case ExprKind::instance_of:
            return value_of(Truth{unknown()});
        case ExprKind::extension: {
            const auto* operand = as<syntax::Extension>(expr).operand;
            return operand == nullptr ? nothing_known() : value(*operand);
        }
        default:
            return nothing_known();
    }
}

Value Walker::constant(const syntax::NumericLiteral& literal) {
    const Type type = literal.kind == ExprKind::integer_literal   ? Type::integer
                      : literal.kind == ExprKind::decimal_literal ? Type::decimal
                                                                  : Type::double_;
    const auto number = number_of(literal.text, type);
    return number ? value_of(Constant{*number}) : nothing_known();
}

Value Walker::unary(const syntax::Unary& expr) {
    const Value operand = value(*expr.operand);
    if (operand.parts.size() == 1 && !operand.parts.front().guard) {
        const auto* known = std::get_if<Constant>(&operand.parts.front().content);
        const auto* number = known == nullptr ? nullptr : std::get_if<double>(&known->value);
        if (number != nullptr) return value_of(Constant{expr.negative ? -*number : *number});
    }
    return nothing_known();
}

Value Walker::variable(const syntax::VariableReference& reference) {
    const Value* known = scope_.find(scope_.expand(reference.name, Scope::Use::plain));
    if (known == nullptr) return nothing_known();
    take(size_of(*known));
    return *known;
}

Value Walker::sequence(std::span<const syntax::Expr* const> items) {
    Value result;
    for (const syntax::Expr* item : items) {
        Value next = value(*item);
        result.safe = std::min(result.safe, next.safe);
        for (Part& part : next.parts) result.parts.push_back(std::move(part));
        if (result.parts.size() > kMaxTests) throw TooMuch();
    }
    return result;
}

Value Walker::logical(const syntax::Chain& chain) {
    Meaning meaning = truth(*chain.first);
    for (const syntax::Operand& operand : chain.rest) {
        Meaning next = truth(*operand.expr);
        meaning = chain.kind == ExprKind::and_ ? all(std::move(meaning), std::move(next))
                                               : any(std::move(meaning), std::move(next));
    }
    return value_of(Truth{std::move(meaning)});
}

Value Walker::chain(const syntax::Chain& chain) {
    Value result = value(*chain.first);
    for (const syntax::Operand& operand : chain.rest) {
        if (chain.kind == ExprKind::simple_map) {
            result = mapped(result, *operand.expr);
            continue;
        }
        Value next = value(*operand.expr);
        result.safe = std::min(result.safe, next.safe);
        result.exclusive = false;
        if (operand.op == syntax::Operator::union_) {
            for (Part& part : next.parts) result.parts.push_back(std::move(part));
        } else {  // some of the first
            const Place at = place(operand.op_span);
            result.safe = Level::no;
            for (Part& part : result.parts) part = {Opaque{some_of(part, at)}, std::nullopt};
        }
        if (result.parts.size() > kMaxTests) throw TooMuch();
    }
    return result;
}

Value Walker::conditional(const syntax::If& expr) {
    const Meaning condition = truth(*expr.condition);
    Value result;
    result.exclusive = true;
    const std::pair<const syntax::Expr*, Meaning> branches[] = {{expr.then, condition},
                                                                {expr.otherwise, none(condition)}};
    for (const auto& [branch, guard] : branches) {
        Value next = value(*branch);
        result.safe = std::min(result.safe, next.safe);
        result.exclusive = result.exclusive && (next.exclusive || next.parts.size() < 2);
        for (Part& part : next.parts) {
            take(guard.tests);
            part.guard = part.guard ? all(guard, std::move(*part.guard)) : guard;
            result.parts.push_back(std::move(part));
        }
    }
    // A branch without parts leaves no trace of the condition that may fail.
    if (safe_unused(value_of(Truth{condition})) != Level::yes && result.parts.size() < 2)
        result.safe = Level::no;
    return result;
}

}  // namespace clacks::xquery::analysis
