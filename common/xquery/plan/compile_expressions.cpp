// Expressions other than paths and FLWOR.
#include <algorithm>
#include <string>

#include "common/base/text.hpp"
#include "common/xquery/plan/compiler.hpp"
#include "common/xquery/plan/path.hpp"
#include "common/xquery/syntax/clause.hpp"
#include "common/xquery/values/number.hpp"

namespace clacks::xquery::plan {

namespace {

using syntax::ExprKind;

}  // namespace

// An error stays within the expression where it was found, so that others are found too.
Plan Compiler::compile(const Expr& expr) {
    try {
        const Level level(*this, explained() ? 2 : 1);
        return explained() ? compile_watched(expr) : compile_kind(expr);
    } catch (Error& error) {
        if (error.code == Code::limit_memory) throw;
        if (error.offset == Error::kNowhere) place(error, expr.span);
        return refuse(std::move(error));
    }
}

Plan Compiler::compile_kind(const Expr& expr) {
    const syntax::Span at = expr.span;
    switch (expr.kind) {
        case ExprKind::integer_literal:
        case ExprKind::decimal_literal:
        case ExprKind::double_literal:
            return literal(as<syntax::NumericLiteral>(expr));
        case ExprKind::string_constructor:
            return make(StringTemplate(text_parts(as<syntax::StringConstructor>(expr).parts)), at);
        case ExprKind::validate:
            fail_at(at, Code::XQST0075, "validation is not supported", "leave validate out");
        case ExprKind::string_literal:
            return make(Constant(Item::of_text(keep(as<syntax::StringLiteral>(expr).value))), at);
        case ExprKind::variable_reference:
            return variable(as<syntax::VariableReference>(expr));
        case ExprKind::context_item:
            return context_item(at);
        case ExprKind::sequence:
            return sequence(as<syntax::Sequence>(expr));
        case ExprKind::function_call: {
            const auto& written = as<syntax::FunctionCall>(expr);
            return call({written.name, nullptr, written.arguments, at});
        }
        case ExprKind::ordered:
        case ExprKind::unordered:
            return compile(*as<syntax::OrderingExpr>(expr).operand);
        case ExprKind::postfix:
            return postfix(as<syntax::PostfixExpr>(expr));
        case ExprKind::axis_step:
            return first_step(as<syntax::AxisStep>(expr));
        case ExprKind::path:
            return path(as<syntax::Path>(expr));
        case ExprKind::or_:
        case ExprKind::and_:
        case ExprKind::concat:
        case ExprKind::additive:
        case ExprKind::multiplicative:
        case ExprKind::union_:
        case ExprKind::intersect_except:
        case ExprKind::simple_map:
            return chain(as<syntax::Chain>(expr));
        case ExprKind::value_comparison:
        case ExprKind::general_comparison:
        case ExprKind::node_comparison:
            return comparison(as<syntax::Comparison>(expr));
        case ExprKind::range: {
            const auto& range = as<syntax::Range>(expr);
            const Plan from = compile(*range.from), to = compile(*range.to);
            const SequenceType bound = optional_integer();
            tell(conversion_problem(from->traits, bound, "a bound of to"), range.from->span);
            tell(conversion_problem(to->traits, bound, "a bound of to"), range.to->span);
            return make(Range(from, to), at);
        }
        case ExprKind::unary: {
            const auto& unary = as<syntax::Unary>(expr);
            const Plan operand = compile(*unary.operand);
            tell(sign_problem(operand->traits), at);
            return make(Sign(unary.negative, operand), at);
        }
        case ExprKind::instance_of:
        case ExprKind::treat:
            return type_test(as<syntax::TypeExpr>(expr));
        case ExprKind::castable:
        case ExprKind::cast:
            return cast(as<syntax::CastExpr>(expr));
        case ExprKind::arrow:
            return arrow(as<syntax::Arrow>(expr));
        case ExprKind::flwor:
            return flwor(as<syntax::Flwor>(expr));
        case ExprKind::quantified:
            return quantified(as<syntax::Quantified>(expr));
        case ExprKind::if_: {
            const auto& written = as<syntax::If>(expr);
            const Plan chosen = choice(*written.condition);
            return make(If(chosen, compile_perhaps(*written.then), compile_perhaps(*written.otherwise)), at);
        }
        case ExprKind::switch_:
            return switch_expr(as<syntax::Switch>(expr));
        case ExprKind::typeswitch_:
            return typeswitch(as<syntax::Typeswitch>(expr));
        case ExprKind::try_catch:
            return try_catch(as<syntax::TryCatch>(expr));
        case ExprKind::extension: {
            const auto& extension = as<syntax::Extension>(expr);
            for (const syntax::Pragma& pragma : extension.pragmas) expand(pragma.name, Use::plain);
            if (extension.operand == nullptr)
                fail_at(at, Code::XQST0079,
                        "no pragma of this extension is known, and it has no expression to fall back to");
            return compile(*extension.operand);
        }
        case ExprKind::named_function_reference:
            return named_reference(as<syntax::NamedFunctionReference>(expr));
        case ExprKind::inline_function:
            return inline_function(as<syntax::InlineFunction>(expr));
        case ExprKind::map_constructor:
            return map_constructor(as<syntax::MapConstructor>(expr));
        case ExprKind::square_array:
            return square_array(as<syntax::SquareArray>(expr));
        case ExprKind::curly_array:
            return curly_array(as<syntax::CurlyArray>(expr));
        case ExprKind::unary_lookup:
            return lookup(context_item(at), as<syntax::UnaryLookup>(expr).key);
        case ExprKind::direct_element:
            return direct_element(as<syntax::DirectElement>(expr));
        case ExprKind::direct_comment:
        case ExprKind::direct_processing_instruction:
            return direct_leaf(expr);
        case ExprKind::computed_element:
        case ExprKind::computed_attribute:
        case ExprKind::computed_namespace:
        case ExprKind::computed_processing_instruction:
        case ExprKind::computed_document:
        case ExprKind::computed_text:
        case ExprKind::computed_comment:
            return computed_constructor(as<syntax::ComputedConstructor>(expr));
        default:
            return not_supported(construct_name(expr.kind), at);
    }
}

Plan Compiler::literal(const syntax::NumericLiteral& written) {
    const syntax::Span at = written.span;
    Item item;
    if (written.kind == ExprKind::double_literal) {
        item = Item::of_double(*parse_double(written.text));
    } else if (written.kind == ExprKind::decimal_literal) {
        const auto value = parse_decimal(written.text);
        if (!value) return make(LiteralTooLarge(), at);
        item = make_decimal(*value, program_.arena);
    } else {
        const auto value = parse_integer(written.text);
        if (!value) return make(LiteralTooLarge(), at);
        item = make_integer(*value, program_.arena);
    }
    return make(Constant(item), at);
}

Plan Compiler::variable(const syntax::VariableReference& reference) {
    const syntax::Span at = reference.span;
    const xml::NameView name = expand(reference.name, Use::plain);
    const auto local =
        std::find_if(locals_.rbegin(), locals_.rend(), [&](const Local& l) { return l.name == name; });
    if (local != locals_.rend()) {
        const auto index = static_cast<std::size_t>(locals_.rend() - local) - 1;
        used_.push_back(index);
        const Traits known = local->known;
        return make(LocalVariable(slot_of(index, closure_), known), at);
    }
    const auto global =
        std::find_if(globals_.begin(), globals_.end(), [&](const auto& g) { return g.first == name; });
    if (global != globals_.end()) {
        // One that is given from outside needs no value of its own.
        use(global->second, !global->second->external);
        return make(GlobalReference(*global->second), at);
    }
    std::vector<std::string> known;
    for (const Local& l : locals_) known.emplace_back(l.name.local);
    for (const auto& [other, variable] : globals_) known.emplace_back(other.local);
    const std::string near = nearest(name.local, known);
    fail_at(at, Code::XPST0008, "the variable $" + shown(reference.name) + " is not declared",
            near.empty() ? "bind it with for or let, or declare it in the prolog"
                         : "did you mean $" + near + "?");
}

std::span<const Plan> Compiler::compile_all(syntax::List<const Expr*> exprs) {
    std::vector<Plan> plans;
    for (const Expr* expr : exprs) plans.push_back(compile(*expr));
    return keep(plans);
}

// Whoever reads a sequence may stop before its end.
Plan Compiler::sequence(const syntax::Sequence& written) {
    if (written.items.empty()) return make(Constant(Value()), written.span);
    std::vector<Plan> items;
    for (const Expr* item : written.items)
        items.push_back(items.empty() ? compile(*item) : compile_perhaps(*item));
    const bool known = std::all_of(items.begin(), items.end(), [](Plan p) {
        return p->constant() != nullptr && !p->constant()->is_range();  // which may be of any length
    });
    if (known && on(Rewrite::constant_sequence)) {
        SequenceBuilder values(program_.arena);
        for (const Plan item : items) values.add(*item->constant());
        return make(Constant(values.value()), written.span);
    }
    return make(Comma(keep(items)), written.span);
}

Plan Compiler::context_item(syntax::Span at) {
    ContextItem* made = make(ContextItem(), at);
    made->traits.kinds = focus_;
    return made;
}

Plan Compiler::postfix(const syntax::PostfixExpr& written) {
    const Level level(*this, written.postfixes.size());
    Plan base = compile(*written.base);
    std::vector<const Expr*> filters;
    const auto filtered = [&] {
        if (filters.empty()) return;
        const std::span<const Predicate> conditions = predicates(filters, base->traits.kinds);
        Filter* filter = make(Filter(base, conditions), written.span);
        for (const Predicate& condition : conditions)
            filter->traits.effects |= condition.condition->traits.effects & ~kFocus;
        filters.clear();
        base = filter;
    };
    for (const syntax::Postfix& one : written.postfixes) {
        if (one.kind == syntax::Postfix::Kind::predicate) {
            filters.push_back(one.predicate);
            continue;
        }
        filtered();
        base = one.kind == syntax::Postfix::Kind::lookup
                   ? lookup(base, one.key)
                   : dynamic_call(base, nullptr, one.arguments, one.span);
    }
    filtered();
    return base;
}

}  // namespace clacks::xquery::plan
