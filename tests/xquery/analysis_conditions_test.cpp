// What is found of single filters: a row each, with the exactness in front.
#include <catch2/catch.hpp>

#include "common/xquery/analysis/conditions.hpp"

namespace clacks::xquery_analysis_conditions_tests {

using namespace xquery;
using namespace xquery::analysis;

namespace {

const std::vector<std::pair<std::string, std::string>> kNamespaces = {{"e", "urn:events"}};

std::string exactness(const Condition& condition) {
    switch (condition.exactness) {
        case Exactness::necessary:
            return "necessary: ";
        case Exactness::exact_if_single:
            return "single: ";
        case Exactness::exact:
            return "exact: ";
    }
    return {};
}

std::string found(std::string_view filter) {
    CompileOptions options;
    options.namespaces = kNamespaces;
    INFO(filter);
    const auto compiled = Query::compile(filter, options);
    if (!compiled.ok()) FAIL(to_string(compiled.error()));
    const auto condition = condition_of(filter, options);
    REQUIRE(condition.ok());
    return exactness(*condition) + to_string(*condition, kNamespaces);
}

struct Row {
    const char* filter;
    const char* condition;
};

void check(std::initializer_list<Row> rows) {
    for (const Row& row : rows) CHECK(found(row.filter) == row.condition);
}

}  // namespace

TEST_CASE("A path is true where there is a node") {
    check({
        {"./e:Event/e:A", "exact: e:Event/e:A"},
        {"/e:Event/e:A", "exact: e:Event/e:A"},
        {"e:Event/e:A/e:B", "exact: e:Event/e:A/e:B"},
        {"//e:B", "exact: //e:B"},
        {"e:Event//e:B/@x", "exact: e:Event//e:B/@x"},
        {"//@x", "exact: //*/@x"},
        {"e:a//@x", "exact: e:a/@x or e:a//*/@x"},
        {"a/Q{urn:events}b/Q{}c", "exact: a/e:b/c"},
        {"*/*:b/e:*", "exact: */*:b/e:*"},
        {"a/descendant::b/self::*", "exact: a//b"},
        {"*/self::b", "exact: b"},
        {"a/self::b", "exact: false()"},
        {"e:Event/(e:A | e:B)", "exact: e:Event/e:A or e:Event/e:B"},
        {"//(a | b)", "exact: //a or //b"},
        {"a/element(b)", "exact: a/b"},
        {".", "exact: true()"},
        {"()", "exact: false()"},
    });
}

TEST_CASE("What a path does on other axes is not told") {
    check({
        {"a/b/..", "necessary: a/b"},
        {"a/text()", "necessary: a"},
        {"a/node()", "necessary: a"},
        {"a/b/ancestor::c = 'x'", "necessary: a/b"},
        {"a[2]", "necessary: a"},
        {"a[last()]", "necessary: a"},
        {"a except b", "necessary: a"},
        {"a[1]", "exact: a"},
        {"(a/b)[1] = 'x'", "single: a/b and a/b = \"x\""},
    });
}

TEST_CASE("Names are those of the prolog") {
    check({
        {"declare namespace e = 'urn:x'; e:a", "exact: Q{urn:x}a"},
        {"declare namespace f = 'urn:events'; let $e := ./f:Event return $e/f:A", "exact: e:Event/e:A"},
        {"declare default element namespace 'urn:events'; Event/A/@x", "exact: e:Event/e:A/@x"},
        {"declare default function namespace 'urn:f'; fn:exists(a)", "exact: a"},
    });
}

TEST_CASE("A comparison with a text is exact") {
    check({
        {"a = 'x'", "exact: a = \"x\""},
        {"'x' = a", "exact: a = \"x\""},
        {"'x' < a", "exact: a > \"x\""},
        {"a != 'x'", "exact: a != \"x\""},
        {"a = ('x', 'y')", "exact: a = \"x\" or a = \"y\""},
        {"a = xs:string('x')", "exact: a = \"x\""},
        {"a >= 'b' and a < 'c'", "exact: a >= \"b\" and a < \"c\""},
        {"a = ()", "exact: false()"},
        {"a/data() = 'x'", "exact: a = \"x\""},
        {"//a[. = 'x']", "exact: //a = \"x\""},
    });
}

TEST_CASE("A comparison with a number or boolean is exact where casts succeed") {
    check({
        {"a = 5", "single: a = 5"},
        {"a > -0.5", "single: a > -0.5"},
        {"a <= 1e3", "single: a <= 1000"},
        {"a = true()", "single: a = true()"},
        {"number(a) >= 2", "single: a >= 2"},
        {"xs:double(a) < 2", "single: a < 2"},
        {"xs:boolean(a)", "single: a = true()"},
        {"a = xs:double('5')", "single: a = 5"},
        {"xs:integer(a) > 5", "necessary: a >= 5"},
        {"a = 1 to 5", "necessary: 1 <= a <= 5"},
        {"a = xs:float('5')", "necessary: a"},
        {"a = xs:date('2020-01-01')", "necessary: a"},
        {"number(a) != 5", "necessary: true()"},
    });
}

TEST_CASE("A value comparison takes untyped values for text, and one item") {
    check({
        {"a eq 'x'", "single: a = \"x\""},
        {"a ne 'x'", "single: a != \"x\""},
        {"a lt 'x'", "single: a < \"x\""},
        {"//a[. eq 'x']", "exact: //a = \"x\""},
        {"not(a eq 'x')", "single: not(a = \"x\")"},
    });
    // An error whenever there is a value, so never true; the compiler may say so first.
    const auto condition = condition_of("a eq 5");
    REQUIRE(condition.ok());
    CHECK(condition->kind == Condition::Kind::never);
    CHECK(condition->exactness == Exactness::necessary);
}

TEST_CASE("Functions of texts tell as much as the empty text of nothing leaves") {
    check({
        {"string(a) = 'x'", "single: a = \"x\""},
        {"string(a) = ''", "single: not(a) or a = \"\""},
        {"string(a)", "single: a != \"\""},
        {"starts-with(a, '01')", "single: starts-with(a, \"01\")"},
        {"//a[starts-with(., '01')]", "exact: starts-with(//a, \"01\")"},
        {"starts-with(a, '')", "necessary: true()"},
        {"a => starts-with('01')", "single: starts-with(a, \"01\")"},
        {"contains(a, 'x')", "necessary: a"},
        {"ends-with(a, '')", "necessary: true()"},
        {"lower-case(a) = 'x'", "necessary: a"},
        {"lower-case(a) = ''", "necessary: true()"},
        {"starts-with(local-name(a/*), 'N')", "necessary: a/*"},
        {"matches(a, '^01')", "single: starts-with(a, \"01\")"},
        {"matches(a, '^01$')", "single: a = \"01\""},
        {"matches(a, '01')", "necessary: a"},
        {"matches(a, '^0?1')", "necessary: true()"},
        {"matches(a, '^a', 'i')", "necessary: true()"},
    });
}

TEST_CASE("A collation other than by code points tells no texts apart") {
    const std::string prolog =
        "declare default collation "
        "'http://www.w3.org/2005/xpath-functions/collation/html-ascii-case-insensitive'; ";
    CHECK(found(prolog + "a = 'x'") == "necessary: a");
    CHECK(found(prolog + "a = 5") == "single: a = 5");
    CHECK(found(prolog + "starts-with(a, 'x')") == "necessary: true()");
    CHECK(
        found(prolog + "starts-with(a, 'x', 'http://www.w3.org/2005/xpath-functions/collation/codepoint')") ==
        "single: starts-with(a, \"x\")");
}

TEST_CASE("And, or and not keep what is exact") {
    check({
        {"a and b", "exact: a and b"},
        {"a or (b and c) or d", "exact: a or (b and c) or d"},
        {"not(a)", "exact: not(a)"},
        {"not(not(a))", "exact: a"},
        {"not(a = 'x' or b)", "exact: not(a = \"x\" or b)"},
        {"not(a = 5)", "single: not(a = 5)"},
        {"not(contains(a, 'x'))", "necessary: true()"},
        {"a and contains(b, 'x')", "necessary: a and b"},
        {"a or current-date()", "necessary: true()"},
        {"(a = 'x') = false()", "exact: not(a = \"x\")"},
        {"true() or a = 5", "necessary: true()"},
        {"exists(a) and empty(b)", "exact: a and not(b)"},
        {"count(a) > 0 and count(b) = 0", "exact: a and not(b)"},
        {"count(a) > 1", "necessary: a"},
        {"if (a) then b else c", "exact: (a and b) or (not(a) and c)"},
    });
}

TEST_CASE("A predicate with one test is one path, with several it loses which node it was") {
    check({
        {"a[b = 'x']", "exact: a/b = \"x\""},
        {"a[b]", "exact: a/b"},
        {"a[b = 'x' or c = 'y']", "exact: a/b = \"x\" or a/c = \"y\""},
        {"a[b = 'x' and c = 'y']", "single: a and a/b = \"x\" and a/c = \"y\""},
        {"a[b = 'x'][c]", "single: a and a/b = \"x\" and a/c"},
        {"a[b = 'x']/c = 'y'", "single: a and a/b = \"x\" and a/c and a/c = \"y\""},
        {"a[not(b = 'x')]", "necessary: a"},
        {"a[not(. = 'x')]", "exact: a != \"x\""},
        {"a[/c = 'x']", "exact: a and c = \"x\""},
        {".[a = 'x' and b = 'y']", "exact: a = \"x\" and b = \"y\""},
        {"not(a[b = 'x' and c = 'y'])", "necessary: true()"},
    });
}

TEST_CASE("Variables stand for paths, one node at a time or all of them") {
    check({
        {"let $s := //a return $s = 'x' and $s = 'y'", "exact: //a = \"x\" and //a = \"y\""},
        {"for $s in //a return $s/b", "exact: //a/b"},
        {"for $s in //a where $s = 'x' return $s", "exact: //a = \"x\""},
        {"let $s := a where $s/b = 'x' return $s/c", "exact: a/b = \"x\" and a/c"},
        {"some $s in //a satisfies $s = 'x'", "exact: //a = \"x\""},
        {"every $s in //a satisfies $s = 'x'", "exact: not(//a != \"x\")"},
        {"every $s in //a satisfies $s/b = 'x'", "necessary: true()"},
        {"some $x in ('u', 'v') satisfies a = $x", "exact: a = \"u\" or a = \"v\""},
        {"some $s in a, $t in $s/b satisfies $t/c = 'x'", "exact: a/b/c = \"x\""},
        {"declare variable $s := //a; $s = 'x'", "exact: //a = \"x\""},
        {"declare variable $s external; a = $s", "necessary: a"},
        {"declare variable $s external := 'x'; a = $s", "necessary: a"},
        {"declare variable $s external; a", "exact: a"},
        {"declare variable $s as xs:integer external; a", "necessary: a"},
        {"let $n := xs:integer(a) return b", "necessary: b"},
        {"for $s in a order by $s return $s", "necessary: a"},
    });
}

TEST_CASE("What is not understood is anything") {
    check({
        {"<a/>", "necessary: true()"},
        {"declare function local:f($x) { $x }; local:f(a)", "necessary: true()"},
        {"try { a } catch * { true() }", "necessary: true()"},
        {"switch (a) case 'x' return b default return c", "necessary: true()"},
        {"for $s in a group by $k := $s/b return $s", "necessary: a"},
        {"a = b", "necessary: a and b"},
        {"declare context item := <a/>; b", "necessary: true()"},
        {"a castable as xs:integer", "necessary: true()"},
    });
}

TEST_CASE("A filter that would explode is anything") {
    std::string many = "a = ('0'";
    for (int i = 1; i < 2000; ++i) many += ",'" + std::to_string(i) + "'";
    CHECK(found(many + ")") == "necessary: true()");
    std::string doubled = "let $v0 := (a, b) ";
    for (int i = 1; i < 40; ++i)
        doubled += "let $v" + std::to_string(i) + " := ($v" + std::to_string(i - 1) + ", $v" +
                   std::to_string(i - 1) + ") ";
    CHECK(found(doubled + "return $v39") == "necessary: true()");
    CHECK(found(std::string(150, '(') + "a = 'x'" + std::string(150, ')')) == "exact: a = \"x\"");
    std::string deep;
    for (int i = 0; i < 120; ++i) deep += "not(";
    CHECK(found(deep + "a" + std::string(120, ')')) == "necessary: true()");
}

TEST_CASE("Each step and test knows its place in the query") {
    const auto condition = condition_of("a and\n  b/c = 'x'");
    REQUIRE(condition.ok());
    const Test& test = condition->parts.at(1).test;
    CHECK(test.place.line == 2);
    CHECK(test.place.column == 3);
    CHECK(test.path.at(1).place.column == 5);
}

TEST_CASE("A text that is no query is an error") {
    const auto condition = condition_of("a = ");
    REQUIRE_FALSE(condition.ok());
    CHECK(condition.error().front().code == "XPST0003");
}

}  // namespace clacks::xquery_analysis_conditions_tests
