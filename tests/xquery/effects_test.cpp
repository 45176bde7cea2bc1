// What an expression does beside giving a value: a table of expressions and their effects.
#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "common/xquery/plan/compile.hpp"
#include "common/xquery/plan/operator.hpp"
#include "common/xquery/plan/program.hpp"

namespace clacks::xquery_effects_tests {

using namespace xquery;

namespace {

std::string effects_of(std::string_view text) {
    constexpr std::pair<std::uint16_t, std::string_view> kNames[] = {{kContextItem, "context-item"},
                                                                     {kPosition, "position"},
                                                                     {kLast, "last"},
                                                                     {kNondeterministic, "nondeterministic"},
                                                                     {kCreates, "creates"},
                                                                     {kOutside, "outside"},
                                                                     {kUnsettled, "unsettled"}};
    CompileOptions options;
    options.resolver = std::make_shared<Resolver>();
    const auto program = detail::compile(text, options);
    if (!program.ok()) return to_string(program.error());
    std::string names;
    for (const auto& [effect, name] : kNames) {
        if (((*program)->body->traits.effects & effect) != 0)
            names += (names.empty() ? "" : " ") + std::string(name);
    }
    return names;
}

constexpr std::string_view kAny = "nondeterministic creates outside";

struct Row {
    std::string_view query;
    std::string_view effects;
};

}  // namespace

TEST_CASE("Every expression says what it depends on and does beside giving a value") {
    const Row rows[] = {
        {"1 + 2", ""},
        {"a/b", "context-item"},
        {"position() = last()", "position last"},
        {"(1, 2)[last()]", ""},
        {"name()", "context-item"},
        {"name(.)", "context-item"},
        {"let $x := <a/> return name($x)", "creates"},
        {"<a>{last()}</a>", "last creates"},
        {"error()", "creates"},
        {"try { error() } catch * { position() }", "position creates"},
        {"doc('a')", "outside"},
        {"random-number-generator()", "nondeterministic"},
        {"function-lookup(xs:QName('fn:last'), 0)", "context-item position last"},
    };
    for (const Row& row : rows) {
        INFO(row.query);
        CHECK(effects_of(row.query) == row.effects);
    }
}

TEST_CASE("The effects of functions are those of their bodies") {
    const Row rows[] = {
        {"declare function local:f($x) { $x + 1 }; local:f(1)", ""},
        {"declare function local:f($x) { $x/a[last()] }; local:f(.)", "context-item"},
        {"declare function local:f() { <a/> }; local:f()", "creates"},
        {"declare function local:f() { local:g() }; declare function local:g() { <a/> }; local:f()",
         "creates"},
        {"declare variable $x := <a/>; declare function local:f() { $x }; local:f()", ""},
        // Over recursion
        {"declare function local:f($n) { if ($n = 0) then 0 else local:f($n - 1) }; local:f(2)", ""},
        {"declare function local:f($n) { if ($n = 0) then doc('a') else local:g($n) };"
         "declare function local:g($n) { if ($n = 1) then <a/> else local:f($n) }; local:g(1)",
         "creates outside"},
        {"declare function local:f() { local:g#0 }; declare function local:g() { <a/> }; local:f()()", kAny},
    };
    for (const Row& row : rows) {
        INFO(row.query);
        CHECK(effects_of(row.query) == row.effects);
    }
}

TEST_CASE("The effects of function items are those of the functions that they are known to be") {
    const Row rows[] = {
        {"(function($x) { $x + 1 })(1)", ""},
        {"(function() { <a/> })()", "creates"},
        {"function() { <a/> }", ""},
        {"let $f := function($x) { $x } return $f(last())", "last"},
        {"for-each(1 to 3, function($x) { $x * 2 })", ""},
        {"for-each(1 to 3, function($x) { <a/> })", "creates"},
        {"sort((2, 1), (), abs#1)", ""},
        {"for-each(1 to 3, last#0)", "last"},
        {"for-each((), parse-xml#1)", "creates"},
        {"declare function local:f($x) { <a/> }; for-each(1, local:f#1)", "creates"},
        {"declare function local:f($x) { $x }; fold-left(1 to 3, 0, local:f#1)", ""},
        {"concat('a', ?)('b')", ""},
        // Of what is not known it is all
        {"for $f in (abs#1, round#1) return $f(1)", kAny},
        {"map { 'a': abs#1 }?a(1)", kAny},
        {"declare function local:f($g) { $g(1) }; local:f(abs#1)", kAny},
        {"for-each#2(1, abs#1)", kAny},
    };
    for (const Row& row : rows) {
        INFO(row.query);
        CHECK(effects_of(row.query) == row.effects);
    }
}

}  // namespace clacks::xquery_effects_tests
