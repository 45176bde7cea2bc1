// What a query is compiled to. Immutable once made; may be shared by threads.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/xquery/plan/basic.hpp"
#include "common/xquery/plan/operator.hpp"
#include "common/xquery/values/sequence_type.hpp"
#include "common/xquery/xquery.hpp"

namespace clacks::xquery::detail {

struct Program {
    explicit Program(std::string_view query, const CompileOptions& options)
        : text(query), source(options.source), arena(options.limits.memory), resolver(options.resolver) {}
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    std::string text;
    std::string source;
    Arena arena;  // holds the operators, constants and names
    std::shared_ptr<Resolver> resolver;
    std::vector<std::pair<std::string, std::string>> namespaces;
    std::vector<std::pair<std::string, std::string>> collation_names;
    StaticInfo statics;
    // Within direct constructors that declare namespaces.
    struct DirectStatics {
        std::vector<std::pair<std::string, std::string>> namespaces;
        StaticInfo statics;
    };
    std::deque<DirectStatics> direct_statics;
    plan::Plan body = nullptr;
    std::uint32_t slots = 0;  // variables
    std::uint32_t memos = 0;  // name tests
    std::vector<ExternalVariable> externals;
    bool context_required_type = false;  // declare context item as T
    SequenceType context_type;
    plan::Plan context_default = nullptr;  // declare context item := …
    std::size_t context_offset = 0;

    std::size_t memory() const;
};

}  // namespace clacks::xquery::detail
