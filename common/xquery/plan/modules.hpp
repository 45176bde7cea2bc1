// The modules of one query (XQuery 3.1, 4): the main module and the library modules that it imports,
// directly or not. Modules may import one another in a circle.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/result.hpp"
#include "common/xquery/plan/compiler.hpp"
#include "common/xquery/plan/program.hpp"
#include "common/xquery/plan/uses.hpp"

namespace clacks::xquery::plan {

class Modules {
  public:
    // Both must outlive this. The program has the main module's text.
    Modules(xquery::detail::Program& program, const CompileOptions& options);
    // Every static error that was found, in the order of the texts; none: the program is complete.
    std::vector<Error> compile(const syntax::Ast& main);
    // What else is to be said of the modules, in the same order.
    std::vector<Error>& warnings() { return warnings_; }
    // A library module that could not be parsed.
    const std::optional<Diagnostics>& unreadable() const { return unreadable_; }

  private:
    struct Library {
        std::string uri;  // of its source
        std::string target_namespace;
        std::unique_ptr<syntax::Ast> ast;
        std::unique_ptr<Compiler> compiler;
    };
    // The libraries of an import, read where they are not yet; fails with XQST0059.
    std::vector<Library*> find(const syntax::ModuleImport& import, const Compiler& importer);
    Library* read(const Resolver::ModuleSource& source, const syntax::ModuleImport& import);
    void import_into(Compiler& importer);
    bool declare_all(Compiler& main);

    xquery::detail::Program& program_;
    const CompileOptions& options_;
    std::deque<Library> libraries_;
    std::vector<std::pair<const syntax::ModuleImport*, std::vector<Library*>>> found_;
    std::optional<Diagnostics> unreadable_;
    Uses uses_;
    std::vector<Error> warnings_;
};

}  // namespace clacks::xquery::plan
