#include "common/xquery/plan/compile.hpp"

#include <algorithm>
#include <new>

#include "common/xquery/plan/compiler.hpp"
#include "common/xquery/plan/evaluation.hpp"
#include "common/xquery/plan/modules.hpp"
#include "common/xquery/syntax/parser.hpp"

namespace clacks::xquery::plan {

Compiler::Compiler(const syntax::Ast& ast, xquery::detail::Program& program,
                   xquery::detail::Program::Module& module, const CompileOptions& options, Uses& uses)
    : ast_(ast), program_(program), module_(module), options_(options), uses_(uses) {}

void Compiler::declare() {
    try {
        declare_namespaces(options_);
        declared_ = prolog();
    } catch (Error& error) {
        refuse(std::move(error));
    }
}

void Compiler::compile_declarations() {
    if (!declared_) return;
    try {
        std::vector<const FunctionItem*> declared;
        for (const auto& [name, body] : functions_) declared.push_back(body->item);
        module_.statics.declared = keep(declared);
        compile_variables();
        declare_context_item();
        compile_functions();
    } catch (Error& error) {
        refuse(std::move(error));
    }
}

void Compiler::compile_body() {
    if (!declared_ || ast_.module().body == nullptr) return;
    try {
        const Within focus(focus_, program_.context_types.empty()
                                       ? kAnything
                                       : kinds_of(program_.context_types.back().item));
        const std::size_t declared = program_.watched.size();
        levels_of([&] { program_.body = compile(*ast_.module().body); });
        if (explained()) program_.watched[declared].body = true;
    } catch (Error& error) {
        refuse(std::move(error));
    }
}

Compiler::Level::Level(Compiler& compiler, std::size_t levels) : compiler_(compiler), levels_(levels) {
    if (levels > kBodyLevels - compiler.level_) {
        throw Error{Code::limit_nesting, "operators nest more than " + std::to_string(kBodyLevels) + " deep",
                    "split the expression with let, or make it shorter",
                    std::string(code_name(Code::limit_nesting))};
    }
    compiler.level_ += levels;
    compiler.deepest_ = std::max(compiler.deepest_, compiler.level_);
}

void Compiler::place(Error& error, syntax::Span at) {
    error.offset = at.offset;
    error.length = at.length;
}

void Compiler::fail_at(syntax::Span at, Code code, std::string message, std::string hint) {
    Error error{code, std::move(message), std::move(hint), std::string(code_name(code))};
    place(error, at);
    throw error;
}

namespace {

// In place of an expression with an error: nothing is known of it, so that no further errors come of it.
class Refused final : public Computed {
  public:
    Value all(Frame&) const override { return {}; }
};

// A part of an expression may be compiled more than once.
void add_new(std::vector<Error>& errors, Error error) {
    const bool known = std::any_of(errors.begin(), errors.end(), [&](const Error& other) {
        return other.offset == error.offset && other.code == error.code && other.message == error.message;
    });
    if (!known && errors.size() < kMostErrors) errors.push_back(std::move(error));
}

}  // namespace

Plan Compiler::refused() {
    return make(Refused(), std::size_t{0});
}

Plan Compiler::refuse(Error error) {
    add_new(errors_, std::move(error));
    return refused();
}

void Compiler::tell(MaybeProblem problem, syntax::Span at) {
    if (!problem || reach_ == Reach::caught) return;
    Error error{problem->code, std::move(problem->message), std::move(problem->hint),
                std::string(code_name(problem->code))};
    place(error, at);
    add_new(problem->always && reach_ == Reach::surely ? errors_ : warnings_, std::move(error));
}

Plan Compiler::not_supported(std::string_view construct, syntax::Span at) {
    Error error{Code::not_supported,
                "the " + std::string(construct) + " is not evaluated yet",
                {},
                std::string(code_name(Code::not_supported))};
    place(error, at);
    return refuse(std::move(error));
}

}  // namespace clacks::xquery::plan

namespace clacks::xquery::detail {

Result<std::shared_ptr<const Program>, Diagnostics> compile(std::string_view text,
                                                            const CompileOptions& options) {
    syntax::ParseOptions parsing;
    parsing.nesting = options.limits.nesting;
    parsing.bytes = options.limits.query_bytes;
    parsing.source = options.source;
    auto ast = syntax::parse(text, parsing);
    if (!ast) return std::move(ast).error();
    auto program = std::make_shared<Program>(options);
    std::string unknown;
    std::vector<std::string> without = options.without_rewrites;
    // By which an expression of the text is no longer there.
    if (options.explained) without.insert(without.end(), {"descendant-step", "hash-join"});
    program->rewrites = plan::Rewrites(without, unknown);
    if (!unknown.empty()) {
        Diagnostic d;
        d.message = "there is no rewrite '" + unknown + "'";
        return Diagnostics{d};
    }
    program->add_module((*ast)->text(), options.source);
    std::vector<Error> errors;
    try {
        plan::Modules modules(*program, options);
        errors = modules.compile(**ast);
        for (const Error& warning : modules.warnings())
            program->warnings.push_back(diagnose(warning, *program));
        if (modules.unreadable()) return *modules.unreadable();
    } catch (const Error& error) {
        errors.push_back(error);
    } catch (const std::bad_alloc&) {
        errors.push_back({Code::limit_memory,
                          "there is no more memory for this query",
                          {},
                          std::string(code_name(Code::limit_memory))});
    }
    if (errors.empty()) return std::shared_ptr<const Program>(std::move(program));
    Diagnostics diagnostics;
    for (const Error& error : errors) diagnostics.push_back(diagnose(error, *program));
    return diagnostics;
}

}  // namespace clacks::xquery::detail
