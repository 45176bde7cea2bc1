// Expressions other than paths and FLWOR.
#include <algorithm>
#include <string>

#include "common/base/text.hpp"
#include "common/xquery/plan/branch.hpp"
#include "common/xquery/plan/call.hpp"
#include "common/xquery/plan/comparison.hpp"
#include "common/xquery/plan/compiler.hpp"
#include "common/xquery/plan/path.hpp"
#include "common/xquery/syntax/clause.hpp"
#include "common/xquery/values/number.hpp"

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

// 3 < count(x) is count(x) > 3.
Comparison mirrored(Comparison op) {
    switch (op) {
        case Comparison::lt:
            return Comparison::gt;
        case Comparison::le:
            return Comparison::ge;
        case Comparison::gt:
            return Comparison::lt;
        case Comparison::ge:
            return Comparison::le;
        default:
            return op;
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

// An error stays within the expression where it was found, so that others are found too.
Plan Compiler::compile(const Expr& expr) {
    try {
        const Level level(*this, 1);
        return compile_kind(expr);
    } catch (Error& error) {
        if (error.code == Code::limit_memory) throw;
        if (error.offset == Error::kNowhere) error.offset = expr.span.offset;
        return refuse(std::move(error));
    }
}

Plan Compiler::compile_kind(const Expr& expr) {
    const std::size_t at = expr.span.offset;
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
            return make(ContextItem(), at);
        case ExprKind::sequence:
            return sequence(as<syntax::Sequence>(expr));
        case ExprKind::function_call: {
            const auto& written = as<syntax::FunctionCall>(expr);
            return call(written.name, nullptr, written.arguments, at);
        }
        case ExprKind::ordered:
        case ExprKind::unordered:
            return compile(*as<syntax::OrderingExpr>(expr).operand);
        case ExprKind::postfix:
            return postfix(as<syntax::PostfixExpr>(expr));
        case ExprKind::axis_step: {
            const auto& written = as<syntax::AxisStep>(expr);
            return step(written, static_cast<Axis>(written.axis));
        }
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
            return make(Range(compile(*range.from), compile(*range.to)), at);
        }
        case ExprKind::unary: {
            const auto& unary = as<syntax::Unary>(expr);
            return make(Sign(unary.negative, compile(*unary.operand)), at);
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
            return make(If(compile(*written.condition), compile(*written.then), compile(*written.otherwise)),
                        at);
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
            return lookup(make(ContextItem(), at), as<syntax::UnaryLookup>(expr).key);
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
    const std::size_t at = written.span.offset;
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
    const std::size_t at = reference.span.offset;
    const xml::NameView name = expand(reference.name, Use::plain);
    const auto local =
        std::find_if(locals_.rbegin(), locals_.rend(), [&](const Local& l) { return l.name == name; });
    if (local != locals_.rend()) {
        const auto index = static_cast<std::size_t>(locals_.rend() - local) - 1;
        const Traits known = local->known;
        return make(LocalVariable(slot_of(index, closure_), known), at);
    }
    const auto global =
        std::find_if(globals_.begin(), globals_.end(), [&](const auto& g) { return g.first == name; });
    if (global != globals_.end()) return make(GlobalReference(*global->second), at);
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

Plan Compiler::sequence(const syntax::Sequence& written) {
    if (written.items.empty()) return make(Constant(Value()), written.span.offset);
    return make(Comma(compile_all(written.items)), written.span.offset);
}

Plan Compiler::chain(const syntax::Chain& written) {
    const std::size_t at = written.span.offset;
    const bool flat =
        written.kind == ExprKind::or_ || written.kind == ExprKind::and_ || written.kind == ExprKind::concat;
    const Level level(*this, flat ? 0 : written.rest.size());
    std::vector<Plan> parts{compile(*written.first)};
    if (written.kind == ExprKind::simple_map) {
        Plan left = parts.front();
        for (const syntax::Operand& operand : written.rest)
            left = make(FocusPath(left, compile(*operand.expr), FocusPath::Form::simple_map), at);
        return left;
    }
    for (const syntax::Operand& operand : written.rest) parts.push_back(compile(*operand.expr));
    if (written.kind == ExprKind::or_) return make(Logic(Logic::Form::any, keep(parts)), at);
    if (written.kind == ExprKind::and_) return make(Logic(Logic::Form::all, keep(parts)), at);
    if (written.kind == ExprKind::concat) return make(Concatenation(keep(parts)), at);
    Plan left = parts.front();
    for (std::size_t i = 0; i < written.rest.size(); ++i) {
        const syntax::Operand& operand = written.rest[i];
        const Plan right = parts[i + 1];
        switch (operand.op) {
            case Symbol::union_:
                left = make(NodeSet(NodeSet::Form::unite, left, right), operand.op_span.offset);
                break;
            case Symbol::intersect:
                left = make(NodeSet(NodeSet::Form::intersect, left, right), operand.op_span.offset);
                break;
            case Symbol::except:
                left = make(NodeSet(NodeSet::Form::except, left, right), operand.op_span.offset);
                break;
            default:
                left = make(Calculation(arithmetic_of(operand.op), left, right), operand.op_span.offset);
                break;
        }
    }
    return left;
}

Plan Compiler::general(Comparison op, Plan left, Plan right, std::size_t offset) {
    // The right side is held while the left one streams, so a constant belongs on the right.
    if (on(Rewrite::constant_on_right) && left->constant() != nullptr && right->constant() == nullptr)
        return make(GeneralComparison(mirrored(op), right, left), offset);
    return make(GeneralComparison(op, left, right), offset);
}

Plan Compiler::comparison(const syntax::Comparison& written) {
    const std::size_t at = written.op_span.offset;
    const Plan left = compile(*written.left);
    const Plan right = compile(*written.right);
    if (written.kind == ExprKind::node_comparison) {
        const auto form = written.op == Symbol::is         ? NodeComparison::Form::is
                          : written.op == Symbol::precedes ? NodeComparison::Form::before
                                                           : NodeComparison::Form::after;
        return make(NodeComparison(form, left, right), at);
    }
    const Comparison op = comparison_of(written.op);
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
    const std::size_t at = written.span.offset;
    const Plan operand = compile(*written.operand);
    const SequenceType type = sequence_type(*written.type);
    if (written.kind == ExprKind::instance_of) return make(InstanceOf(operand, type), at);
    return make(Checked(operand, type, Code::XPDY0050, "the operand of treat"), at);
}

Plan Compiler::cast(const syntax::CastExpr& written) {
    const std::size_t at = written.span.offset;
    const Plan operand = compile(*written.operand);
    const xml::NameView name = expand(written.type.name, Use::element);
    const std::size_t type_at = written.type.span.offset;
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
                "'" + shown(written.type.name) + "' is not the name of a simple type",
                type_named(name.local) ? "write xs:" + std::string(name.local) : "");
    target.type = *type;
    target.list = member.has_value();
    if (written.kind == ExprKind::castable) return make(Castable(operand, target, statics()), at);
    if (target.list) return make(ListCast(operand, target), at);
    return make(Cast(operand, *type, written.type.optional, statics()), at);
}

Plan Compiler::call_declared(const FunctionBody& function, const std::vector<Plan>& arguments,
                             std::size_t offset) {
    return make(FunctionCall(function, keep(arguments)), offset);
}

// A constant regular expression is compiled once. One that is wrong is told of when the function is called.
void Compiler::keep_pattern(const Function& function, const std::vector<Plan>& arguments) {
    const auto constant = [&](std::size_t i) -> std::optional<std::string_view> {
        const Value* known = i < arguments.size() ? arguments[i]->constant() : nullptr;
        if (known == nullptr || known->size() != 1 || !is_textual(known->front().type)) return std::nullopt;
        return known->front().text();
    };
    const std::size_t flags_at = function.parameters.size() - 1;
    const auto pattern = constant(1);
    const auto flags = arguments.size() > flags_at ? constant(flags_at) : std::string_view();
    if (!pattern || !flags) return;
    try {
        program_.regexes.add(*pattern, *flags);
    } catch (const Error&) {
    }
}

// `first`, where not null, is the argument from the left of an arrow.
Plan Compiler::call(const syntax::Name& written, Plan first, syntax::List<const Expr*> arguments,
                    std::size_t offset) {
    std::vector<Plan> plans = arguments_of(first, arguments);
    if (std::find(plans.begin(), plans.end(), nullptr) != plans.end()) {
        const Plan function = function_reference(written, plans.size(), offset);
        return function == nullptr ? make(Constant(Value()), offset)
                                   : static_cast<Plan>(make(DynamicCall(function, keep(plans)), offset));
    }
    const xml::NameView name = expand(written, Use::function);
    for (const auto& [declared, body] : functions_) {
        if (declared == name && body->parameters.size() == plans.size())
            return call_declared(*body, plans, offset);
    }
    const Function* function = library_function_of(name, written, plans.size());
    if (function == nullptr) return make(Constant(Value()), offset);
    return library_call(*function, plans, offset);
}

Plan Compiler::library_call(const Function& function, const std::vector<Plan>& arguments,
                            std::size_t offset) {
    if (on(Rewrite::constant_call)) {
        if (const Value* value = known_value(function, arguments)) return make(Constant(*value), offset);
    }
    if (function.intrinsic == Intrinsic::regex) keep_pattern(function, arguments);
    return make_call(function, keep(arguments), offset, program_.arena, statics(),
                     on(Rewrite::function_operator));
}

// Of text, numbers and truths alone, which nothing around a query changes; an error is left to evaluation.
const Value* Compiler::known_value(const Function& function, const std::vector<Plan>& arguments) {
    constexpr std::uint64_t kMostSteps = 1000;
    const auto plain = [](Type type) {
        return is_textual(type) || is_numeric(type) || type == Type::boolean;
    };
    const bool constructs = function.intrinsic == Intrinsic::constructor;
    if (function.effects != kPure || (!constructs && !plain(function.result.item.atomic))) return nullptr;
    if (function.result.item.kind != ItemType::Kind::atomic) return nullptr;
    std::vector<Value> values;
    for (const Plan argument : arguments) {
        const Value* known = argument->constant();
        if (known == nullptr || known->size() > 1) return nullptr;
        if (!known->empty() && !plain(known->front().type)) return nullptr;
        values.push_back(*known);
    }
    Steps steps(kMostSteps);
    CallContext context{program_.arena, steps, &statics(), {}};
    try {
        const Value value = xquery::call(function, context, values);
        return value.size() > 1 ? nullptr : program_.arena.make(value);
    } catch (const Error&) {
        return nullptr;
    }
}

// Null with an error kept where there is none, or none that may be called here.
const Function* Compiler::library_function_of(const xml::NameView& name, const syntax::Name& written,
                                              std::size_t arity) {
    const Function* function = find_function(name.uri, name.local, arity);
    if (function != nullptr && ((function->effects & kOutside) == 0 || program_.resolver)) return function;
    Error error = function != nullptr ? outside_access(shown(written))
                                      : explain_missing(name.uri, name.local, arity, shown(written));
    for (const auto& [declared, body] : functions_) {
        if (declared == name)
            error.hint = "it is declared with " + std::to_string(body->parameters.size()) + " parameters";
    }
    error.offset = written.span.offset;
    refuse(std::move(error));
    return nullptr;
}

Plan Compiler::arrow(const syntax::Arrow& written) {
    const Level level(*this, written.calls.size());
    Plan left = compile(*written.operand);
    for (const syntax::ArrowCall& one : written.calls) {
        if (one.function != nullptr) {
            left = dynamic_call(compile(*one.function), left, one.arguments, one.span.offset);
            continue;
        }
        left = call(one.name, left, one.arguments, one.span.offset);
    }
    return left;
}

Plan Compiler::postfix(const syntax::PostfixExpr& written) {
    const Level level(*this, written.postfixes.size());
    Plan base = compile(*written.base);
    std::vector<const Expr*> filters;
    const auto filtered = [&] {
        if (filters.empty()) return;
        const std::span<const Predicate> conditions = predicates(filters);
        Filter* filter = make(Filter(base, conditions), written.span.offset);
        for (const Predicate& condition : conditions)
            filter->traits.effects |=
                condition.condition->traits.effects & ~(kContextItem | kPosition | kLast);
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
                   : dynamic_call(base, nullptr, one.arguments, one.span.offset);
    }
    filtered();
    return base;
}

Plan Compiler::switch_expr(const syntax::Switch& written) {
    const Plan operand = compile(*written.operand);
    std::vector<SwitchCase> cases;
    for (const syntax::SwitchCase& one : written.cases) {
        const std::span<const Plan> values = compile_all(one.values);
        cases.push_back({values, compile(*one.result)});
    }
    return make(Switch(operand, keep(cases), compile(*written.otherwise)), written.span.offset);
}

Plan Compiler::typeswitch(const syntax::Typeswitch& written) {
    const Plan operand = compile(*written.operand);
    std::vector<TypeswitchCase> cases;
    const auto add = [&](const syntax::TypeswitchCase& one) {
        const Scope scope(*this);
        TypeswitchCase made;
        std::vector<SequenceType> types;
        for (const syntax::SequenceType& type : one.types) types.push_back(sequence_type(type));
        made.types = keep(types);
        if (one.has_variable) {
            Traits known = types.size() == 1 ? traits_of(types.front()) : operand->traits;
            made.slot = bind(one.variable, known);
        }
        made.result = compile(*one.result);
        cases.push_back(made);
    };
    for (const syntax::TypeswitchCase& one : written.cases) add(one);
    add(written.otherwise);
    return make(Typeswitch(operand, keep(cases)), written.span.offset);
}

CaughtName Compiler::caught_name(const syntax::NameTest& written) {
    using syntax::Wildcard;
    CaughtName name;
    switch (written.wildcard) {
        case Wildcard::any:
            name.any_uri = name.any_local = true;
            break;
        case Wildcard::any_prefix:
            name.any_uri = true;
            name.local = keep(written.name.local);
            break;
        case Wildcard::any_local:
            name.any_local = true;
            name.uri =
                keep(written.name.braced ? written.name.uri
                                         : namespace_of(written.name.prefix, written.name.span.offset));
            break;
        case Wildcard::none: {
            const xml::NameView full = expand(written.name, Use::element);
            name.uri = full.uri;
            name.local = full.local;
            break;
        }
    }
    return name;
}

Plan Compiler::try_catch(const syntax::TryCatch& written) {
    const Plan body = compile(*written.body);
    std::vector<CatchClause> clauses;
    for (const syntax::Catch& one : written.catches) {
        const Scope scope(*this);
        CatchClause clause;
        std::vector<CaughtName> names;
        for (const syntax::NameTest& error : one.errors) names.push_back(caught_name(error));
        clause.names = keep(names);
        clause.first_slot = program_.slots;
        for (const std::string_view local : CatchClause::kVariables)
            locals_.push_back({{kErrNamespace, local, "err"}, program_.slots++, {}});
        clause.body = compile(*one.body);
        clauses.push_back(clause);
    }
    return make(TryCatch(program_, body, keep(clauses)), written.span.offset);
}

}  // namespace clacks::xquery::plan
