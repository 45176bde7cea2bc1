// What errors say, the limits, and that no bytes do harm.
#include <random>
#include <vector>

#include "tests/xquery/syntax_cases.hpp"

namespace clacks::syntax_tests {

namespace {

std::string hint(std::string_view query) {
    const auto result = parse(query);
    return result.ok() ? "ok" : result.error().at(0).hint;
}

std::string repeated(std::string_view text, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i) out += text;
    return out;
}

std::string nested(std::string_view open, std::string_view core, std::string_view close, std::size_t depth) {
    return repeated(open, depth) + std::string(core) + repeated(close, depth);
}

}  // namespace

TEST_CASE("an error says what was expected, what was found and where") {
    const auto result =
        parse("declare namespace f = 'u';\nfor $x in f:a\nwhere $x/b = ) return 1", {.source = "filter"});
    REQUIRE_FALSE(result.ok());
    REQUIRE(result.error().size() == 1);
    const Diagnostic& error = result.error()[0];
    CHECK(error.code == "XPST0003");
    CHECK(error.source == "filter");
    CHECK(error.line == 3);
    CHECK(error.column == 14);
    CHECK(error.message == "expected an expression, found ')'");
    CHECK_FALSE(error.hint.empty());
}

TEST_CASE("columns count characters, lines count any line end") {
    CHECK(fault("'\u20AC\U0001F600' ]") == "XPST0003 1:6");
    CHECK(fault("1,\r\n\r2 ]") == "XPST0003 3:3");
    CHECK(fault("\xEF\xBB\xBF ]") == "XPST0003 1:2");
}

TEST_CASE("slips get the right word") {
    const Case cases[] = {
        {"$a == 1", "write '=' or 'eq' to compare"},
        {"$a !== 1", "write '!=' or 'ne' to compare"},
        {"$a = = 1", "write '=' or 'eq'"},
        {"$a && $b", "write 'and'"},
        {"f($a && $b)", "write 'and'"},
        {"$a =< 1", "write '<='"},
        {"$a => 1", "write '>=' to compare"},
        {"$a <> 1", "write '!=' or 'ne'"},
        {"$a AND $b", "write 'and'; keywords are in lower case"},
        {"!$a", "write not(…)"},
        {"not $a", "write not(…)"},
        {"5 % 2", "write 'mod' for the remainder"},
        {"$a contains 'x'", "write contains(text, part)"},
        {"for x in 1 return x", "write $x"},
        {"let x := 1 return x", "write $x"},
        {"some x in 1 satisfies x", "write $x"},
        {"let $x = 1 return $x", "write ':='"},
        {"for $x := 1 return $x", "write 'in', or 'let' for ':='"},
        {"for $x in 1 $x", "a FLWOR expression ends with 'return'"},
        {"return 1", "'return' belongs to 'for' or 'let'"},
        {"if (1) { 2 }", "write if (…) then … else …, without braces"},
        {"if (1) then 2", "write 'else ()' where there is nothing to give"},
        {"'abc", "end it with '"},
        {"\"abc", "end it with \""},
        {"'it's'", "a quote inside a string is written twice"},
        {"\u201Ca\u201D", "write ' or \" around strings"},
        {"1;", "only declarations of the prolog end with ';'"},
        {"declare varible $x := 1; 1", "did you mean 'variable'?"},
        {"declare variable x := 1; 1", "write $ before the variable's name"},
        {"1 = 2 = 3", "comparisons cannot be chained; join them with 'and'"},
        {"map(1)", "write map { … }"},
        {"<a>&</a>", "write &amp; for the character itself; there are lt, gt, amp, quot and apos"},
    };
    for (const Case& one : cases) {
        INFO(one.query);
        CHECK(hint(one.query) == one.expected);
    }
    CHECK(fault("1 != 2") == "ok");
    CHECK(fault("'a' || 'b'") == "ok");
}

TEST_CASE("an error shows a stranger's bytes harmlessly") {
    const auto result = parse("$x as " + std::string(5000, 'n'));
    REQUIRE_FALSE(result.ok());
    CHECK(to_string(result.error()).size() < 400);
}

TEST_CASE("bytes that are no text") {
    CHECK(fault("1 + \xFF") == "XPST0003 1:5");
    CHECK(fault("'\xC0\x80'") == "XPST0003 1:2");
    CHECK(fault("'\xED\xA0\x80'") == "XPST0003 1:2");
    CHECK(fault("'\xE2\x82") == "XPST0003 1:2");
    CHECK(fault(std::string_view("1\0", 2)) == "XPST0003 1:2");
    CHECK(fault("'\x01'") == "XPST0003 1:2");
    CHECK(fault("'\xEF\xBF\xBE'") == "XPST0003 1:2");
    CHECK(fault("'&#xD800;'") == "XQST0090 1:2");
    CHECK(fault("'&#99999999999999999999;'") == "XQST0090 1:2");
    CHECK(fault("'&#x;'") == "XPST0003 1:2");
    CHECK(fault("") == "XPST0003 1:1");
    CHECK(fault("  (: nothing :) ") == "XPST0003 1:17");
}

TEST_CASE("the length is limited") {
    const std::string query = "'" + std::string(98, 'a') + "'";
    CHECK(fault(query, {.bytes = 100}) == "ok");
    CHECK(fault(query, {.bytes = 99}) == "limit-query-bytes 0:0");
    CHECK(fault("1" + std::string(64 * 1024, ' ')) == "limit-query-bytes 0:0");
}

TEST_CASE("whatever nests is limited") {
    struct Nest {
        std::string_view open, core, close;
    };
    const Nest nests[] = {
        {"(", "1", ")"},
        {"f(", "1", ")"},
        {"a[", "1", "]"},
        {"[", "1", "]"},
        {"-(", "1", ")"},
        {"map{1:", "1", "}"},
        {"array{", "1", "}"},
        {"<a>", "", "</a>"},
        {"<a>{", "1", "}</a>"},
        {"<a b='{", "1", "}'/>"},
        {"element a {", "1", "}"},
        {"element {", "1", "} {}"},
        {"if (1) then 1 else ", "1", ""},
        {"for $x in 1 return ", "1", ""},
        {"some $x in ", "1", " satisfies 1"},
        {"try {", "1", "} catch * {1}"},
        {"function() {", "1", "}"},
        {"``[`{", "1", "}`]``"},
        {"$x?(", "1", ")"},
        {"?(", "1", ")"},
        {"validate {", "1", "}"},
        {"(#a:b#) {", "1", "}"},
        {"typeswitch (1) case item() return 1 default return ", "1", ""},
        {"switch (1) case ", "1", " return 1 default return 1"},
        {"1 => (", "$f", ")()"},
        {"a/(", "b", ")"},
        {"1 or 1 and 1 = 1 || 1 to 1 + 1 * 1 | 1 intersect -1 ! (", "1", ")"},
    };
    for (const Nest& nest : nests) {
        INFO(nest.open);
        CHECK(fault(nested(nest.open, nest.core, nest.close, 60)) == "ok");
        const auto deep = parse(nested(nest.open, nest.core, nest.close, 1000));
        REQUIRE_FALSE(deep.ok());
        CHECK(deep.error()[0].code == "limit-nesting");
        CHECK(deep.error()[0].message.find("200") != std::string::npos);
        CHECK(deep.error()[0].line == 1);
    }
    const Nest types[] = {{"(", "item()", ")"},
                          {"array(", "item()", ")"},
                          {"map(a, ", "item()", ")"},
                          {"function(", "item()", ") as item()"},
                          {"function() as ", "item()", ""}};
    for (const Nest& nest : types) {
        INFO(nest.open);
        const std::string start = "1 instance of ";
        CHECK(fault(start + nested(nest.open, nest.core, nest.close, 100)) == "ok");
        CHECK(fault(start + nested(nest.open, nest.core, nest.close, 1000)).starts_with("limit-nesting 1:"));
    }
    CHECK(fault(nested("(", "1", ")", 199), {.nesting = 200}) == "ok");
    CHECK(fault(nested("(", "1", ")", 200), {.nesting = 200}) == "limit-nesting 1:201");
}

// The depth of a tree is bounded by the nesting, so what is only long must not count.
TEST_CASE("chains of any length are no nesting") {
    const ParseOptions options{.nesting = 10, .bytes = 1 << 20};
    CHECK(fault("1" + repeated("+1", 30000), options) == "ok");
    CHECK(fault("1" + repeated(" or 1", 10000), options) == "ok");
    CHECK(fault("1" + repeated(",1", 30000), options) == "ok");
    CHECK(fault("a" + repeated("/a", 30000), options) == "ok");
    CHECK(fault("a" + repeated("//a", 20000), options) == "ok");
    CHECK(fault("a" + repeated("!a", 30000), options) == "ok");
    CHECK(fault("$a" + repeated("[1]", 20000), options) == "ok");
    CHECK(fault("$a" + repeated("?b", 30000), options) == "ok");
    CHECK(fault("$a" + repeated("()", 30000), options) == "ok");
    CHECK(fault("$a" + repeated("=>f()", 10000), options) == "ok");
    CHECK(fault(repeated("-", 60000) + "1", options) == "ok");
    CHECK(fault(repeated("let $a := 1 ", 5000) + "return 1", options) == "ok");
    CHECK(fault(repeated("declare variable $a := 1;", 2500) + "1", options) == "ok");
    CHECK(fault("<a>" + repeated("<b/>", 15000) + "</a>", options) == "ok");
    CHECK(fault(repeated("(:", 30000) + repeated(":)", 30000) + "1", options) == "ok");
    CHECK(fault("<a" + repeated(" b='1'", 10000) + "/>", options) == "ok");
}

// A parser that rereads would need minutes for these.
TEST_CASE("long texts take linear time") {
    const ParseOptions options{.bytes = 4 << 20};
    const std::string comments = repeated("(: c :)", 100000);
    CHECK(fault("for" + comments + "$x in" + comments + "1 return" + comments + "$x", options) == "ok");
    CHECK(fault(std::string(1 << 20, 'n'), options) == "ok");
    CHECK(fault("element " + std::string(1 << 20, 'n') + "/a", options) == "XPST0003 1:9");
    CHECK(fault("'" + repeated("&amp;", 200000) + "'", options) == "ok");
    CHECK(fault("'" + repeated("&", 200000) + "'", options) == "XPST0003 1:2");
    CHECK(fault(repeated("element {", 190) + "1" + repeated("} {1}", 190), options) == "ok");
    CHECK(fault(repeated("<a", 100000), options) == "XPST0003 1:3");
    CHECK(fault(repeated("(:", 100000), options) == "XPST0003 1:1");
    CHECK(fault(repeated("a(", 100000), options).starts_with("limit-nesting"));
}

TEST_CASE("mutated queries end in a tree or in an error") {
    // NOLINTBEGIN(bugprone-suspicious-missing-comma): the lines of one query
    const std::vector<std::string> seeds = {
        "declare namespace f='http://www.gonicus.de/Events'; let $e := ./f:Event return $e/f:PhoneStatus",
        "for $x as xs:integer at $p in (1 to 10)[. mod 2 = 0] where $x > 3 order by $x descending return "
        "<r a=\"{$x}b\">{$p} &amp; <!--c--><![CDATA[d]]></r>",
        "xquery version '3.1'; declare %a:b(1) function local:f($a as map(*)?, $b) as item()* { $a?b?(1)($b) "
        "}; try { local:f(map{'k':[1,2]}, array{3}) } catch err:X | *:y { ``[t`{1}`]`` }",
        "typeswitch (/a//b[@c]) case $x as element(p:*, t) return (# p:x y #) { validate lax { $x } } "
        "default "
        "return switch (1) case 2 return f#1 default return function($z) { -$z => g(?, 1) }",
        "for tumbling window $w in //x start $s at $i when true() only end $e next $n when $n << $e count $c "
        "group by $k := $c return some $q in $w satisfies $q instance of document-node(element(*))+",
        "element {'a'} { attribute b { 1e3 }, text { .5 }, processing-instruction p { '' } } ! (.|@*) (: (: "
        ":) :)",
    };
    // NOLINTEND(bugprone-suspicious-missing-comma)
    const std::string alphabet = "(){}[]<>/\\'\"`#$%&*+-.,:;=?!@|~ \n\r\tabQ0159e\x80\xC3\xE2\xFF";
    std::mt19937 random(20240607);
    const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
    std::size_t trees = 0;
    for (int round = 0; round < 6000; ++round) {
        std::string query = seeds[below(seeds.size())];
        for (std::size_t edits = 1 + below(4); edits > 0 && !query.empty(); --edits) {
            const std::size_t at = below(query.size());
            switch (below(5)) {
                case 0:
                    query.erase(at, 1 + below(8));
                    break;
                case 1:
                    query.insert(at, 1, alphabet[below(alphabet.size())]);
                    break;
                case 2:
                    query[at] = static_cast<char>(below(256));
                    break;
                case 3:
                    query.insert(at, query.substr(below(query.size()), below(20)));
                    break;
                default:
                    query.resize(at);
            }
        }
        const auto result = parse(query, {.nesting = 20});
        if (result.ok()) {
            ++trees;
            // Every node can be walked, and the spans lie within the text.
            CHECK_FALSE(dump((*result)->module()).empty());
            const Span span = (*result)->module().body->span;
            CHECK(span.end() <= (*result)->text().size());
            continue;
        }
        const Diagnostic& error = result.error().at(0);
        INFO(query);
        CHECK_FALSE(error.code.empty());
        CHECK_FALSE(error.message.empty());
        CHECK(error.line > 0);
        CHECK(error.column > 0);
    }
    CHECK(trees > 100);
}

TEST_CASE("a tree holds its own text") {
    std::unique_ptr<Ast> ast;
    {
        std::string query = "'a&lt;b' || $x/y";
        ast = std::move(parse(query)).value();
        query.assign(query.size(), '#');
    }
    CHECK(dump(ast->module()) == "(\"a<b\" || (path $x child::y))");
    CHECK(ast->text() == "'a&lt;b' || $x/y");
}

}  // namespace clacks::syntax_tests
