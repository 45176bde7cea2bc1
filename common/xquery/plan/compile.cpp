#include "common/xquery/plan/compile.hpp"

#include <algorithm>
#include <new>

#include "common/xquery/plan/compiler.hpp"
#include "common/xquery/plan/evaluation.hpp"
#include "common/xquery/plan/modules.hpp"
#include "common/xquery/syntax/parser.hpp"

namespace clacks::xquery::plan {

Compiler::Compiler(const syntax::Ast& ast, xquery::detail::Program& program,
                   xquery::detail::Program::Module& module, const CompileOptions& options)
    : ast_(ast), program_(program), module_(module), options_(options) {}

void Compiler::declare() {
    try {
        declare_namespaces(options_);
        prolog();
        declared_ = true;
    } catch (Error& error) {
        refuse(std::move(error));
    }
}

void Compiler::compile() {
    if (!declared_) return;  // names would be missed that are there
    try {
        std::vector<const FunctionItem*> declared;
        for (const auto& [name, body] : functions_) declared.push_back(body->item);
        module_.statics.declared = keep(declared);
        compile_variables();
        declare_context_item();
        if (ast_.module().body != nullptr) levels_of([&] { program_.body = compile(*ast_.module().body); });
        compile_functions();
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

void Compiler::fail_at(std::size_t offset, Code code, std::string message, std::string hint) {
    throw Error{code, std::move(message), std::move(hint), std::string(code_name(code)), offset};
}

Plan Compiler::refuse(Error error) {
    constexpr std::size_t kMost = 20;
    if (errors_.size() < kMost) errors_.push_back(std::move(error));
    return make(Constant(Value()), 0);
}

Plan Compiler::not_supported(std::string_view construct, std::size_t offset) {
    return refuse({Code::not_supported,
                   "the " + std::string(construct) + " is not evaluated yet",
                   {},
                   std::string(code_name(Code::not_supported)),
                   offset});
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
    program->rewrites = plan::Rewrites(options.without_rewrites, unknown);
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
