// What a query is compiled to. Immutable once made; may be shared by threads.
#pragma once

#include <cstddef>
#include <list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/xquery/plan/basic.hpp"
#include "common/xquery/plan/operator.hpp"
#include "common/xquery/plan/rewrites.hpp"
#include "common/xquery/plan/watched.hpp"
#include "common/xquery/regex/cache.hpp"
#include "common/xquery/values/sequence_type.hpp"
#include "common/xquery/xquery.hpp"

namespace clacks::xquery::detail {

struct Program {
    // Of the arena: most filters need no more than 2 KiB, and there may be a hundred thousand of them.
    static constexpr std::size_t kFirstBlock = 1024;

    explicit Program(const CompileOptions& options)
        : limits(options.limits),
          arena(options.limits.memory, kFirstBlock),
          resolver(options.resolver),
          collation_names(options.collations),
          explained(options.explained),
          serial(next_serial()) {}
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    // What is said of a module where it is compiled and where it runs.
    struct Module {
        std::string text;
        std::string source;
        std::size_t first = 0;  // the offset of its text: offsets count through all modules
        std::vector<NamespaceBinding> namespaces;  // in the arena
        StaticInfo statics;
    };
    Module& main() { return modules.front(); }
    const Module& main() const { return modules.front(); }
    // The one whose text has this offset.
    const Module& module_at(std::size_t offset) const;
    Module& add_module(std::string_view text, std::string_view source);

    Limits limits;
    // The main module first. Lists, here and below: an empty deque takes 600 bytes of the heap.
    std::list<Module> modules;
    Arena arena;  // holds the operators, constants and names
    std::shared_ptr<Resolver> resolver;
    std::vector<std::pair<std::string, std::string>> collation_names;
    bool explained;
    std::vector<plan::WatchedExpression> watched;  // where it is explained
    plan::Rewrites rewrites;
    RegexCache regexes;  // the constant ones, of all modules
    // Within direct constructors that declare namespaces.
    struct DirectStatics {
        std::vector<NamespaceBinding> namespaces;
        StaticInfo statics;
    };
    std::list<DirectStatics> direct_statics;
    plan::Plan body = nullptr;
    // declare option output:…, in the order of the text
    struct OutputDeclaration {
        std::string name;
        std::string value;
        std::size_t offset;
    };
    struct Output {
        std::shared_ptr<const xml::Tree> document;  // the parameter document
        std::vector<OutputDeclaration> declarations;
        std::string default_namespace;  // of names of elements
    };
    Output output;
    std::uint32_t slots = 0;         // variables
    std::uint32_t prolog_slots = 0;  // those up to the last one of the prolog
    std::uint32_t memos = 0;         // name tests
    std::uint64_t serial;            // which no other program of the process has, from 1 on
    std::vector<ExternalVariable> externals;
    std::vector<SequenceType> context_types;  // declare context item as T, in each module
    plan::Plan context_default = nullptr;     // declare context item := …
    std::size_t context_offset = 0;
    Diagnostics warnings;

    std::size_t memory() const;
    static std::uint64_t next_serial();
};

// Sets what the output declarations say. Throws Error, SEPM0016 with its place.
void apply_output(const Program& program, SerializationParameters& parameters);

}  // namespace clacks::xquery::detail
