#include "common/xquery/plan/modules.hpp"

#include <algorithm>

#include "common/xquery/functions/family.hpp"
#include "common/xquery/syntax/parser.hpp"

namespace clacks::xquery::plan {

namespace {

// More than any query has; a resolver that makes up modules without end is stopped here.
constexpr std::size_t kMostLibraries = 1000;

// Relative locations count from the importing module.
std::vector<std::string> locations_of(const syntax::ModuleImport& import, std::string_view base,
                                      Arena& arena) {
    std::vector<std::string> result;
    for (const std::string_view location : import.locations) {
        try {
            result.emplace_back(base.empty() ? location : resolve(location, base, arena));
        } catch (const Error&) {
            Compiler::fail_at(import.span, Code::XQST0046,
                              "the location '" + std::string(location) + "' is not a URI");
        }
    }
    return result;
}

// An import that fails hinders the other ones in nothing.
template <class Try>
void attempt(Compiler& importer, Try step) {
    try {
        step();
    } catch (Error& error) {
        if (error.code == Code::limit_memory) throw;
        importer.refuse_import(std::move(error));
    }
}

}  // namespace

Modules::Modules(xquery::detail::Program& program, const CompileOptions& options)
    : program_(program), options_(options) {}

std::vector<Error> Modules::compile(const syntax::Ast& main) {
    Compiler compiler(main, program_, program_.main(), options_, uses_);
    if (const auto& library = main.module().library)
        Compiler::fail_at(library->span, Code::XPST0003, "a library module cannot be run",
                          "import it into a main module, one that ends with an expression");
    if (declare_all(compiler)) {
        import_into(compiler);
        for (Library& library : libraries_) import_into(*library.compiler);
        for (Library& library : libraries_) library.compiler->compile_declarations();
        compiler.compile_declarations();
        uses_.settle_effects();
        compiler.compile_body();
    }
    const auto by_place = [](const Error& a, const Error& b) { return a.offset < b.offset; };
    const auto gather = [&](std::vector<Error>& (Compiler::*told)()) {
        std::vector<Error> all = std::move((compiler.*told)());
        for (Library& library : libraries_) {
            std::vector<Error>& more = (library.compiler.get()->*told)();
            std::move(more.begin(), more.end(), std::back_inserter(all));
        }
        std::stable_sort(all.begin(), all.end(), by_place);
        return all;
    };
    warnings_ = gather(&Compiler::warnings);
    std::vector<Error> errors = gather(&Compiler::errors);
    const std::vector<const GlobalVariable*> circular = uses_.circular();
    for (std::size_t i = 0; i < circular.size() && errors.size() < kMostErrors; ++i)
        errors.push_back(depends_on_itself(*circular[i]));
    std::stable_sort(errors.begin(), errors.end(), by_place);
    return errors;
}

// Reads what is imported, then what that imports; declarations of all before any body is compiled.
bool Modules::declare_all(Compiler& main) {
    main.declare();
    const auto follow = [&](Compiler& importer) {
        if (!importer.declared()) return;
        for (const syntax::ModuleImport& import : importer.syntax().prolog.module_imports)
            attempt(importer, [&] { found_.emplace_back(&import, find(import, importer)); });
    };
    follow(main);
    for (std::size_t i = 0; i < libraries_.size() && !unreadable_; ++i) {
        libraries_[i].compiler->declare();
        follow(*libraries_[i].compiler);
    }
    return !unreadable_;
}

std::vector<Modules::Library*> Modules::find(const syntax::ModuleImport& import, const Compiler& importer) {
    const syntax::Span at = import.span;
    const std::string shown = "a module of the namespace '" + std::string(import.uri) + "'";
    if (!program_.resolver)
        Compiler::fail_at(at, Code::XQST0059, shown + " cannot be imported here",
                          "declare its functions in the query itself");
    auto sources =
        program_.resolver->module(import.uri, locations_of(import, importer.base_uri(), program_.arena));
    if (!sources) {
        const Diagnostic& problem = sources.error();
        Compiler::fail_at(
            at, Code::XQST0059,
            shown + " is not found" + (problem.message.empty() ? std::string() : ": " + problem.message),
            problem.hint);
    }
    if (sources->empty()) Compiler::fail_at(at, Code::XQST0059, shown + " is not found");
    std::vector<Library*> result;
    for (const Resolver::ModuleSource& source : *sources) {
        const auto known = std::find_if(libraries_.begin(), libraries_.end(), [&](const Library& library) {
            return library.uri == source.uri && library.target_namespace == import.uri;
        });
        Library* library = known != libraries_.end() ? &*known : read(source, import);
        if (library == nullptr) break;
        result.push_back(library);
    }
    return result;
}

Modules::Library* Modules::read(const Resolver::ModuleSource& source, const syntax::ModuleImport& import) {
    const syntax::Span at = import.span;
    if (libraries_.size() >= kMostLibraries)
        Compiler::fail_at(at, Code::XQST0059, "more than " + std::to_string(kMostLibraries) + " modules");
    xquery::detail::Program::Module& module = program_.add_module({}, source.uri);
    syntax::ParseOptions parsing;
    parsing.nesting = options_.limits.nesting;
    parsing.bytes = options_.limits.query_bytes;
    parsing.source = module.source;
    parsing.first = module.first;
    auto ast = syntax::parse(source.text, parsing);
    if (!ast) {
        unreadable_ = ast.error();
        return nullptr;
    }
    module.text = (*ast)->text();
    module.statics.base_uri = program_.arena.copy(source.uri);
    if (const auto& item = (*ast)->module().prolog.context_item; item && item->value != nullptr)
        Compiler::fail_at(item->span, Code::XQST0113, "a library module gives the context item no value",
                          "declare its type alone: declare context item as … external;");
    const auto& declared = (*ast)->module().library;
    if (!declared || declared->uri != import.uri)
        Compiler::fail_at(at, Code::XQST0059,
                          source.uri + " is no module of the namespace '" + std::string(import.uri) + "'",
                          declared ? "its namespace is '" + std::string(declared->uri) + "'"
                                   : "it does not begin with 'module namespace'");
    Library& library = libraries_.emplace_back();
    library.uri = source.uri;
    library.target_namespace = import.uri;
    library.ast = std::move(*ast);
    library.compiler = std::make_unique<Compiler>(*library.ast, program_, module, options_, uses_);
    return &library;
}

void Modules::import_into(Compiler& importer) {
    for (const syntax::ModuleImport& import : importer.syntax().prolog.module_imports) {
        const auto found =
            std::find_if(found_.begin(), found_.end(), [&](const auto& f) { return f.first == &import; });
        if (found == found_.end()) continue;
        for (const Library* library : found->second) {
            if (library->compiler.get() == &importer) continue;
            attempt(importer, [&] { importer.import(*library->compiler, import.span); });
        }
    }
}

}  // namespace clacks::xquery::plan
