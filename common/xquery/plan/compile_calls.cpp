// Calls of functions by their names (XQuery 3.1, 3.1.5 and 3.20).
#include <algorithm>
#include <string>

#include "common/base/text.hpp"
#include "common/xquery/plan/call.hpp"
#include "common/xquery/plan/compiler.hpp"

namespace clacks::xquery::plan {

namespace {

// "the argument $x of f()"
std::string argument_of(std::string_view function, std::string_view parameter) {
    return "the argument $" + std::string(parameter) + " of " + std::string(function) + "()";
}

// Why there is no such function, told from those that the query declares; nothing where it declares none like
// it.
template <class Declared>
void explain_by_declared(Error& error, const Declared& functions, const xml::NameView& name,
                         std::size_t arity, const std::string& shown) {
    std::string arities;
    std::vector<std::string> names;
    for (const auto& [declared, body] : functions) {
        if (declared.uri != name.uri) continue;
        names.emplace_back(declared.local);
        if (declared.local != name.local) continue;
        if (!arities.empty()) arities += " or ";
        arities += std::to_string(body->parameters.size());
    }
    if (!arities.empty()) {
        error.message =
            shown + "() does not take " + std::to_string(arity) + (arity == 1 ? " argument" : " arguments");
        error.hint = "it is declared with " + arities + (arities == "1" ? " parameter" : " parameters");
    } else if (const std::string near = nearest(name.local, names); error.hint.empty() && !near.empty()) {
        error.hint = "did you mean '" + near + "'?";
    }
}

MaybeProblem argument_problem(const Function& function, std::size_t i, const StaticType& given) {
    const bool truth = function.intrinsic == Intrinsic::boolean || function.intrinsic == Intrinsic::not_;
    if (truth) return truth_problem(given);
    if (function.intrinsic == Intrinsic::constructor && is_atomic(function.result.item.atomic))
        return cast_problem(given, function.result.item.atomic, true);
    const Parameter& parameter = function.parameter(i);
    return conversion_problem(given, parameter.type, argument_of(function.shown, parameter.name));
}

}  // namespace

// Where the argument is written; the one from the left of an arrow is told of at the call.
syntax::Span Compiler::argument_at(std::size_t i, const NamedCall& call) {
    if (call.first != nullptr && i-- == 0) return call.at;
    return call.arguments[i]->span;
}

Plan Compiler::call_declared(FunctionBody& function, const std::vector<Plan>& arguments,
                             const NamedCall& written) {
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const FunctionBody::Parameter& parameter = function.parameters[i];
        tell(conversion_problem(arguments[i]->traits, parameter.type,
                                argument_of(function.shown, parameter.name)),
             argument_at(i, written));
    }
    use(&function, true);
    if (explained()) program_.watched[whole_].calls = &function;
    return make(FunctionCall(function, keep(arguments)), written.at);
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

Plan Compiler::call(const NamedCall& written) {
    const std::vector<Plan> plans = arguments_of(written.first, written.arguments);
    const syntax::Span at = written.at;
    if (std::find(plans.begin(), plans.end(), nullptr) != plans.end()) {
        const Plan function = function_reference(written.name, plans.size(), at);
        return function == nullptr ? refused()
                                   : static_cast<Plan>(make(DynamicCall(function, keep(plans)), at));
    }
    const xml::NameView name = expand(written.name, Use::function);
    for (const auto& [declared, body] : functions_) {
        if (declared == name && body->parameters.size() == plans.size())
            return call_declared(*body, plans, written);
    }
    const Function* function = library_function_of(name, written.name, plans.size());
    return function == nullptr ? refused() : library_call(*function, plans, written);
}

Plan Compiler::library_call(const Function& function, const std::vector<Plan>& arguments,
                            const NamedCall& written) {
    for (std::size_t i = 0; i < arguments.size(); ++i)
        tell(argument_problem(function, i, arguments[i]->traits), argument_at(i, written));
    const Value* value = known_value(function, arguments, written.at);
    if (value != nullptr && on(Rewrite::constant_call)) return make(Constant(*value), written.at);
    if (function.intrinsic == Intrinsic::regex) keep_pattern(function, arguments);
    return make_call(function, keep(arguments), written.at.offset, program_.arena, statics(),
                     on(Rewrite::function_operator));
}

// Of text, numbers and truths alone, which nothing around a query changes. An error is told of, and is raised
// by the call wherever it is evaluated all the same.
const Value* Compiler::known_value(const Function& function, const std::vector<Plan>& arguments,
                                   syntax::Span at) {
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
    } catch (const Error& error) {
        const bool told = error.code == Code::XPTY0004;  // of the arguments
        if (!told && !is_limit(error.code))
            tell(TypeProblem{error.code, error.message, error.hint, true}, at);
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
    if (function == nullptr) explain_by_declared(error, functions_, name, arity, shown(written));
    place(error, written.span);
    refuse(std::move(error));
    return nullptr;
}

Plan Compiler::arrow(const syntax::Arrow& written) {
    const Level level(*this, written.calls.size());
    Plan left = compile(*written.operand);
    for (const syntax::ArrowCall& one : written.calls) {
        if (one.function != nullptr) {
            left = dynamic_call(compile(*one.function), left, one.arguments, one.span);
            continue;
        }
        left = call({one.name, left, one.arguments, one.span});
    }
    return left;
}

}  // namespace clacks::xquery::plan
