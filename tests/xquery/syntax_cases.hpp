// Helpers of the tests of the grammar.
#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <string_view>

#include "common/xquery/syntax/parser.hpp"
#include "tests/xquery/dump.hpp"

// Not the namespace of the grammar, whose struct Catch would hide Catch2's names.
namespace clacks::syntax_tests {

using xquery::syntax::as;
using xquery::syntax::Ast;
using xquery::syntax::AxisStep;
using xquery::syntax::Chain;
using xquery::syntax::ClauseKind;
using xquery::syntax::construct_name;
using xquery::syntax::dump;
using xquery::syntax::ExprKind;
using xquery::syntax::kExprKindCount;
using xquery::syntax::Operator;
using xquery::syntax::operator_text;
using xquery::syntax::parse;
using xquery::syntax::ParseOptions;
using xquery::syntax::Span;

// The tree of the query, or its error as it is shown.
inline std::string tree(std::string_view query) {
    const auto result = parse(query);
    return result.ok() ? dump((*result)->module()) : "error " + to_string(result.error());
}

// "CODE line:column", or "ok".
inline std::string fault(std::string_view query, const ParseOptions& options = {}) {
    const auto result = parse(query, options);
    if (result.ok()) return "ok";
    const Diagnostic& error = result.error().at(0);
    return error.code + " " + std::to_string(error.line) + ":" + std::to_string(error.column);
}

struct Case {
    std::string_view query;
    std::string_view expected;
};

template <std::size_t n>
void check_trees(const Case (&cases)[n]) {
    for (const Case& one : cases) {
        INFO(one.query);
        CHECK(tree(one.query) == one.expected);
    }
}

template <std::size_t n>
void check_faults(const Case (&cases)[n]) {
    for (const Case& one : cases) {
        INFO(one.query);
        CHECK(fault(one.query) == one.expected);
    }
}

}  // namespace clacks::syntax_tests
