// Function items, maps and arrays.
#include <algorithm>

#include "common/xquery/plan/compiler.hpp"
#include "common/xquery/plan/structure.hpp"
#include "common/xquery/plan/uses.hpp"
#include "common/xquery/values/number.hpp"

namespace clacks::xquery::plan {

// The variables around an inline function that it uses get slots of its own.
struct Compiler::Closure {
    std::size_t first_local;  // where the function's own variables begin in locals_
    std::vector<std::pair<std::size_t, Captured>> captured;  // index into locals_
    Closure* outer;
};

// The slot where the code that is being compiled finds a local variable.
std::uint32_t Compiler::slot_of(std::size_t local, Closure* closure) {
    if (closure == nullptr || local >= closure->first_local) return locals_[local].slot;
    for (const auto& [index, known] : closure->captured) {
        if (index == local) return known.inner;
    }
    const std::uint32_t outer = slot_of(local, closure->outer);
    closure->captured.push_back({local, {outer, program_.slots++}});
    return closure->captured.back().second.inner;
}

Plan Compiler::inline_function(const syntax::InlineFunction& written) {
    check_annotations(written.annotations, Code::XQST0125);
    FunctionBody* body = program_.arena.make(FunctionBody());
    body->program = &program_;
    body->module = &module_.statics;
    body->shown = "the inline function";
    body->parameters = parameters_of(written.parameters);
    if (written.result != nullptr) body->result = sequence_type(*written.result);
    Closure closure{locals_.size(), {}, closure_};
    {
        const Scope scope(*this);
        closure_ = &closure;
        const std::size_t level = level_, deepest = deepest_;
        try {
            compile_body(*body, written.parameters, *written.body);
        } catch (...) {
            closure_ = closure.outer;
            throw;
        }
        level_ = level;
        deepest_ = deepest;
        closure_ = closure.outer;
    }
    std::vector<Captured> captured;
    for (const auto& [index, one] : closure.captured) captured.push_back(one);
    return make(InlineFunction(*body, keep(captured), types_of(body->parameters)), written.span);
}

std::span<const FunctionBody::Parameter> Compiler::parameters_of(syntax::List<syntax::Parameter> written) {
    std::vector<FunctionBody::Parameter> parameters;
    for (const syntax::Parameter& parameter : written) {
        FunctionBody::Parameter one;
        one.name = keep(shown(parameter.name));
        if (parameter.type != nullptr) one.type = sequence_type(*parameter.type);
        const xml::NameView name = expand(parameter.name, Use::plain);
        for (std::size_t i = 0; i < parameters.size(); ++i) {
            if (expand(written[i].name, Use::plain) == name)
                fail_at(parameter.name.span, Code::XQST0039,
                        "two parameters are called $" + std::string(one.name));
        }
        parameters.push_back(one);
    }
    return keep(parameters);
}

std::span<const SequenceType> Compiler::types_of(std::span<const FunctionBody::Parameter> parameters) {
    std::vector<SequenceType> types;
    for (const FunctionBody::Parameter& parameter : parameters) types.push_back(parameter.type);
    return keep(types);
}

// The parameters are bound to slots within `body`, whose variables all lie side by side.
void Compiler::compile_body(FunctionBody& body, syntax::List<syntax::Parameter> written,
                            const syntax::Expr& expr) {
    body.first_slot = program_.slots;
    std::vector<FunctionBody::Parameter> parameters(body.parameters.begin(), body.parameters.end());
    for (std::size_t p = 0; p < parameters.size(); ++p)
        parameters[p].slot = bind(written[p].name, traits_of(parameters[p].type));
    body.parameters = keep(parameters);
    const Within focus(focus_, kAnything);
    const Reach reached = closure_ == nullptr ? Reach::with_declaration : Reach::perhaps;
    const std::size_t watched = program_.watched.size();
    body.levels = levels_of([&] { body.body = compile_within(reached, expr); });
    body.effects = body.body->traits.effects & (kAnyCall | kUnsettled);
    const Within reach(reach_, std::max(reach_, Reach::perhaps));
    tell(conversion_problem(body.body->traits, body.result, "the result of " + std::string(body.shown)),
         expr.span);
    body.slots = program_.slots - body.first_slot;
    if (explained()) program_.watched[watched].body_of = &body;
}

// What is being compiled uses a function or variable of the prolog.
void Compiler::use(std::variant<FunctionBody*, GlobalVariable*> declaration, bool always) {
    const bool surely = always && reach_ <= Reach::with_declaration;
    if (auto* const* function = std::get_if<FunctionBody*>(&within_))
        uses_.add(*function, declaration, surely);
    if (auto* const* variable = std::get_if<GlobalVariable*>(&within_))
        uses_.add(*variable, declaration, surely);
}

// Of the prolog or of the library; null with an error kept where there is none.
Plan Compiler::function_reference(const syntax::Name& written, std::size_t arity, syntax::Span at) {
    const xml::NameView name = expand(written, Use::function);
    for (const auto& [declared, body] : functions_) {
        if (declared != name || body->parameters.size() != arity) continue;
        use(body, false);
        Constant* function = make(Constant(Item::of_function(*body->item)), at);
        function->traits.calling = body->effects;
        return function;
    }
    const Function* function = library_function_of(name, written, arity);
    return function == nullptr ? nullptr : make(FunctionReference(*function, arity, statics()), at);
}

Plan Compiler::named_reference(const syntax::NamedFunctionReference& written) {
    const syntax::Span at = written.span;
    constexpr std::size_t kMostDigits = 6;
    if (written.arity.size() > kMostDigits)
        fail_at(at, Code::FOAR0002, "no function has " + std::string(written.arity) + " parameters");
    std::size_t arity = 0;
    for (const char digit : written.arity) arity = arity * 10 + static_cast<std::size_t>(digit - '0');
    const Plan made = function_reference(written.name, arity, at);
    return made != nullptr ? made : make(Constant(Value()), at);
}

// Arguments as plans, null for a placeholder; `first` comes from the left of an arrow.
std::vector<Plan> Compiler::arguments_of(Plan first, syntax::List<const Expr*> written) {
    std::vector<Plan> plans;
    if (first != nullptr) plans.push_back(first);
    for (const Expr* argument : written)
        plans.push_back(argument->kind == syntax::ExprKind::argument_placeholder ? nullptr
                                                                                 : compile(*argument));
    return plans;
}

Plan Compiler::dynamic_call(Plan function, Plan first, syntax::List<const Expr*> arguments, syntax::Span at) {
    tell(call_problem(function->traits), at);
    return make(DynamicCall(function, keep(arguments_of(first, arguments))), at);
}

Plan Compiler::lookup(Plan operand, const syntax::LookupKey& key) {
    using Kind = syntax::LookupKey::Kind;
    const syntax::Span at = key.span;
    tell(lookup_problem(operand->traits), at);
    switch (key.kind) {
        case Kind::wildcard:
            return make(Lookup(operand, nullptr), at);
        case Kind::name:
            return make(Lookup(operand, make(Constant(Item::of_text(keep(key.text))), at)), at);
        case Kind::integer: {
            const auto position = parse_integer(key.text);
            if (!position) fail_at(at, Code::FOAR0002, "the number has more digits than are held");
            return make(Lookup(operand, make(Constant(make_integer(*position, program_.arena)), at)), at);
        }
        case Kind::expression:
            break;
    }
    return make(Lookup(operand, compile_perhaps(*key.expr)), at);
}

Plan Compiler::map_constructor(const syntax::MapConstructor& written) {
    std::vector<EntryPlan> entries;
    for (const syntax::MapEntry& entry : written.entries)
        entries.push_back({compile(*entry.key), compile(*entry.value)});
    return make(MapConstructor(keep(entries)), written.span);
}

Plan Compiler::square_array(const syntax::SquareArray& written) {
    return make(SquareArray(compile_all(written.members)), written.span);
}

Plan Compiler::curly_array(const syntax::CurlyArray& written) {
    return make(CurlyArray(compile(*written.content)), written.span);
}

}  // namespace clacks::xquery::plan
