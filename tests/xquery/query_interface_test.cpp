// The public interface: external variables, sharing between threads, warm contexts, results.
#include <pthread.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <functional>
#include <thread>

#include "common/xml/parser.hpp"
#include "common/xquery/xquery.hpp"

namespace clacks::xquery_interface_tests {

using xquery::DynamicContext;
using xquery::Limits;
using xquery::Query;

namespace {

Query compiled(std::string_view text) {
    auto query = Query::compile(text);
    INFO(text);
    if (!query.ok()) FAIL(to_string(query.error()));
    return *query;
}

std::string result(const Query& query, DynamicContext& context) {
    const auto sequence = query.evaluate(context);
    return sequence.ok() ? sequence->serialize() : sequence.error().code;
}

}  // namespace

TEST_CASE("a function of another query runs with its own variables, modules and limits") {
    DynamicContext maker, caller;
    const Query made = compiled(
        "declare namespace p = 'urn:p'; declare variable $g := 100;"
        "declare function local:f($n) { let $a := $n, $b := $a + 1 return $a + $b + $g };"
        "let $x := 7, $y := 8 return (local:f#1, function($n) { let $z := $n return $x + $y + $z },"
        "function($q) { namespace-uri-from-QName(xs:QName($q)) }, function() { error() })");
    const auto functions = made.evaluate(maker);
    REQUIRE(functions.ok());
    caller.bind("f", *functions);
    const std::string prolog = "declare variable $f as function(*)* external; ";
    CHECK(result(compiled(prolog + "$f[1](1), $f[2](1)"), caller) == "103\n16");
    CHECK(result(compiled(prolog + "for $i in 1 to 3 let $k := $i return $f[1]($k) - $k"), caller) ==
          "102\n103\n104");
    CHECK(result(compiled(prolog + "$f[3]('p:a'), for-each(1, $f[2])"), caller) == "\"urn:p\"\n16");
    CHECK(result(compiled(prolog + "$f[4]()"), caller) == "FOER0000");
}

TEST_CASE("External variables take the values and types of the context") {
    DynamicContext context;
    context.bind("flag", true);
    context.bind("number", std::int64_t{42});
    context.bind("real", 1.5);
    context.bind("text", std::string_view("words"));
    context.bind("nothing", std::monostate());
    const std::pair<const char*, const char*> cases[] = {
        {"declare variable $flag external; $flag", "true()"},
        {"declare variable $number as xs:integer external; $number + 1", "43"},
        {"declare variable $number as xs:long external; $number instance of xs:long", "true()"},
        {"declare variable $number as xs:double external; $number", "4.2e1"},
        {"declare variable $number as xs:string external; $number", "XPTY0004"},
        {"declare variable $real as xs:double external; $real * 2", "3.0e0"},
        {"declare variable $text as xs:string external; $text = 'words'", "true()"},
        {"declare variable $text as xs:integer external; $text", "XPTY0004"},
        {"declare variable $nothing external; empty($nothing)", "true()"},
        {"declare variable $nothing as xs:string external; $nothing", "XPTY0004"},
        {"declare variable $missing external; empty($missing)", "XPDY0002"},
        {"declare variable $missing as xs:string external; $missing", "XPDY0002"},
        {"declare variable $missing as xs:string external := 'default'; $missing", "\"default\""},
        {"declare variable $text external := 'default'; $text", "\"words\""},
        {"declare namespace p='urn:p'; declare variable $p:text external; empty($p:text)", "XPDY0002"}};
    for (const auto& [text, expected] : cases) {
        INFO(text);
        CHECK(result(compiled(text), context) == expected);
    }
    context.clear_variables();
    CHECK(result(compiled("declare variable $text external; empty($text)"), context) == "XPDY0002");
}

TEST_CASE("A query tells its external variables") {
    const Query query = compiled(
        "declare namespace p='urn:p'; declare variable $a external;"
        "declare variable $p:b as xs:string external; declare variable $c as xs:integer? external := 1; $a");
    const auto variables = query.external_variables();
    REQUIRE(variables.size() == 3);
    CHECK(variables[0].local == "a");
    CHECK(variables[0].allows_empty);
    CHECK(variables[1].uri == "urn:p");
    CHECK(variables[1].type == "xs:string");
    CHECK_FALSE(variables[1].allows_empty);
    CHECK(variables[2].allows_empty);
    CHECK(variables[2].has_default);
    CHECK(query.memory() > 0);
}

TEST_CASE("Namespaces given from outside are bound, and may be declared anew") {
    const auto tree = *xml::parse("<a xmlns='urn:a'/>");
    DynamicContext context;
    context.set_context_item(*tree);
    xquery::CompileOptions options;
    options.namespaces = {{"e", "urn:a"}};
    auto query = Query::compile("exists(/e:a)", options);
    REQUIRE(query.ok());
    CHECK(*query->matches(context));
    auto other = Query::compile("declare namespace e='urn:b'; exists(/e:a)", options);
    REQUIRE(other.ok());
    CHECK_FALSE(*other->matches(context));
    context.clear_context_item();
    CHECK(query->matches(context).error().code == "XPDY0002");
}

TEST_CASE("Decimal formats given from outside are there, and may be declared anew") {
    xquery::CompileOptions options;
    options.decimal_formats = {{"", {{"decimal-separator", ","}, {"grouping-separator", "."}}},
                               {"Q{urn:f}money", {{"minus-sign", "~"}}}};
    options.namespaces = {{"f", "urn:f"}};
    const auto result = [&](std::string_view text) {
        DynamicContext context;
        const auto query = Query::compile(text, options);
        REQUIRE(query.ok());
        return query->evaluate(context)->item(0);
    };
    CHECK(result("format-number(1234.5, '#.##0,00')") == "\"1.234,50\"");
    CHECK(result("format-number(-1, '0', 'f:money')") == "\"~1\"");
    CHECK(result("declare default decimal-format zero-digit = '0'; format-number(1.5, '0.0')") == "\"1.5\"");
    options.decimal_formats = {{"", {{"digit", "##"}}}};
    const auto wrong = Query::compile("1", options);
    REQUIRE_FALSE(wrong.ok());
    CHECK(wrong.error().front().code == "XQST0097");
    options.decimal_formats = {{"", {{"digit", ","}}}};
    CHECK(Query::compile("1", options).error().front().code == "XQST0098");
}

TEST_CASE("Static errors come all together, in the order of the text") {
    const auto query = Query::compile("($a, none(), x:y)");
    REQUIRE_FALSE(query.ok());
    REQUIRE(query.error().size() == 3);
    CHECK(query.error()[0].code == "XPST0008");
    CHECK(query.error()[1].code == "XPST0017");
    CHECK(query.error()[2].code == "XPST0081");
}

TEST_CASE("Each declaration is judged by itself, and so is each part of an expression") {
    const auto codes = [](std::string_view text) {
        std::string all;
        const auto query = Query::compile(text);
        if (query.ok()) return all;
        for (const Diagnostic& problem : query.error())
            all += problem.code + '@' + std::to_string(problem.line) + ':' + std::to_string(problem.column) +
                   ' ';
        return all;
    };
    CHECK(codes("declare function f() { 1 };\n"
                "declare variable $x as xs:strin := 1;\n"
                "declare function fn:g() { 1 };\n"
                "declare variable $p:x := 1; $nix") ==
          "XQST0045@1:18 XPST0051@2:24 XQST0045@3:18 XPST0081@4:19 ");
    CHECK(codes("declare variable $x := $a;\n"
                "declare function local:f() { none() };\n"
                "if (nix()) then 1 + 'a' else <a>{ $b, p:c }</a>") ==
          "XPST0008@1:24 XPST0017@2:30 XPST0017@3:5 XPST0008@3:35 XPST0081@3:39 ");
    CHECK(codes("declare namespace xml = 'urn:x';\n"
                "declare namespace a = 'urn:a';\n"
                "declare namespace a = 'urn:b';\n"
                "import module namespace m = 'urn:m';\n"
                "import module namespace n = 'urn:m';\n"
                "declare variable $x as xs:strin := 1; 1") ==
          "XQST0070@1:1 XQST0033@3:1 XQST0047@5:1 XPST0051@6:24 ");
    CHECK(codes("import module 'urn:m'; import module 'urn:n'; $nix") == "XQST0059@1:1 XQST0059@1:24 ");
    std::string many;
    for (int i = 0; i < 100; ++i) many += "$x" + std::to_string(i) + ", ";
    const auto query = Query::compile(many + "1");
    REQUIRE_FALSE(query.ok());
    CHECK(query.error().size() == 20);
    std::string circle;
    for (int i = 0; i < 100; ++i)
        circle += "declare variable $x" + std::to_string(i) + " := $x" + std::to_string((i + 1) % 100) + ";";
    CHECK(Query::compile(circle + "1").error().size() == 20);
}

TEST_CASE("What is wrong has an end: the expression's, or the token's where only a place is known") {
    const auto span = [](const Diagnostic& problem) {
        return std::to_string(problem.line) + ':' + std::to_string(problem.column) + '-' +
               std::to_string(problem.end_line) + ':' + std::to_string(problem.end_column);
    };
    const auto refused = [&](std::string_view text) {
        const auto query = Query::compile(text);
        return query.ok() ? std::string() : span(query.error().front());
    };
    CHECK(refused("let $x :=\n  $nix return 1") == "2:3-2:7");
    CHECK(refused("'\xC3\xA4', none(1,\n 2)") == "1:6-1:10");
    CHECK(refused("let $x := 1 retrun $x") == "1:13-1:19");
    CHECK(refused("1 +") == "1:4-1:4");
    CHECK(refused("1 == 2") == "1:3-1:5");
    DynamicContext context;
    const auto failing = [&](std::string_view text) {
        return span(compiled(text).evaluate(context).error());
    };
    CHECK(failing("(1 to 3) ! (. idiv 0)") == "1:15-1:19");
    CHECK(refused("1 + 2,\n(1,\n 2) instance of xs:colour") == "3:17-3:26");
    CHECK(failing("declare variable $from-outside external;\n1 + $from-outside") == "2:5-2:18");
}

TEST_CASE("One query serves several threads, each with its own context") {
    const Query query = compiled(
        "declare variable $wanted external; count(//b[. = $wanted]) = 2 and "
        "(for $b in //b order by $b descending return string($b))[1] = 'z'");
    const auto tree = *xml::parse("<a><b>x</b><b>z</b><b>x</b></a>");
    std::atomic<int> right{0};
    std::vector<std::thread> threads;
    threads.reserve(4);
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&, i] {
            DynamicContext context;
            context.set_context_item(*tree);
            context.bind("wanted", std::string_view(i % 2 == 0 ? "x" : "z"));
            for (int n = 0; n < 500; ++n) {
                const auto verdict = query.matches(context);
                if (verdict.ok() && *verdict == (i % 2 == 0)) ++right;
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(right == 2000);
}

TEST_CASE("Threads may be the first to match a regular expression at the same time") {
    const auto tree = *xml::parse("<a>ab12</a>");  // of a text in the query all would be known before
    for (int round = 0; round < 50; ++round) {
        const Query query = compiled("matches(/a, '^[a-c]+[0-9]{2}$') and not(matches(/a, '(a)\\1'))");
        std::atomic<int> right{0};
        std::vector<std::thread> threads;
        threads.reserve(4);
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&] {
                DynamicContext context;
                context.set_context_item(*tree);
                const auto verdict = query.matches(context);
                if (verdict.ok() && *verdict) ++right;
            });
        }
        for (std::thread& thread : threads) thread.join();
        CHECK(right == 4);
    }
}

TEST_CASE("A context that serves several queries in turn begins anew with each evaluation") {
    const auto one = *xml::parse("<a><b>1</b></a>");
    const auto two = *xml::parse("<a><c/><b>2</b></a>");
    const Query prolog = compiled(
        "declare variable $b := number(/a/b); declare variable $c := $b + 1; "
        "let $d := $c + 1 return ($b, $c, $d)");
    const Query fails = compiled(
        "declare function local:f($n) { if ($n = 0) then error() else 1 + local:f($n - 1) }; "
        "for $x in (3, 4) return local:f($x)");
    const Query position = compiled("let $x := . return (1 to 3)[. = count($x/a/*) + 1]");
    DynamicContext context;
    for (int round = 0; round < 3; ++round) {
        context.set_context_item(*one);
        CHECK(result(prolog, context) == "1.0e0\n2.0e0\n3.0e0");
        context.set_context_item(*two);
        CHECK(result(prolog, context) == "2.0e0\n3.0e0\n4.0e0");
        CHECK(result(fails, context) == "FOER0000");
        CHECK(result(fails, context) == "FOER0000");
        CHECK(result(position, context) == "3");
        CHECK(position.explain(context).verdict.ok());
        CHECK(result(position, context) == "3");
        context.clear_context_item();
        CHECK(result(prolog, context) == "XPDY0002");
    }
}

TEST_CASE("The cost of an evaluation is the same every time, and is told") {
    const Query query = compiled("sum(for $x in 1 to 100 return $x)");
    DynamicContext context;
    REQUIRE(result(query, context) == "5050");
    const auto steps = context.steps_used();
    const auto memory = context.memory_used();
    CHECK(steps > 100);
    REQUIRE(result(query, context) == "5050");
    CHECK(context.steps_used() == steps);
    CHECK(context.memory_used() == memory);
}

TEST_CASE("A context is usable after a limit was exceeded") {
    Limits limits;
    limits.steps = 500;
    DynamicContext context(limits);
    CHECK(result(compiled("for $x in 1 to 10000 return $x"), context) == "limit-steps");
    CHECK(result(compiled("1 + 1"), context) == "2");
}

TEST_CASE("What nests deep is refused, not run into the end of the stack") {
    const auto code = [](const std::string& text) {
        const auto query = Query::compile(text);
        return query.ok() ? std::string("ok") : query.error().front().code;
    };
    const auto repeated = [](std::string_view part, int n) {
        std::string text;
        while (n-- > 0) text += part;
        return text;
    };
    CHECK(code("1" + repeated("+1", 10000)) == "limit-nesting");
    CHECK(code("a" + repeated("/a", 10000)) == "limit-nesting");
    CHECK(code("1" + repeated("[1]", 10000)) == "limit-nesting");
    CHECK(code("1" + repeated("!1", 10000)) == "limit-nesting");
    CHECK(code(repeated("let $a := 1 ", 5000) + "return $a") == "limit-nesting");
    CHECK(code("a" + repeated("|a", 10000)) == "limit-nesting");
    CHECK(code("1=1" + repeated(" or 1=1", 5000)) == "ok");
    CHECK(code("1" + repeated(",1", 10000)) == "ok");
}

TEST_CASE("The deepest that is allowed runs") {
    std::string path = "a";
    for (int i = 0; i < 900; ++i) path += "/self::a";
    const auto tree = *xml::parse("<a/>");
    DynamicContext context;
    context.set_context_item(*tree, 0);
    CHECK(result(compiled("count(" + path + ")"), context) == "1");
    std::string sum = "$n";
    for (int i = 0; i < 900; ++i) sum += "+0";
    CHECK(result(compiled("declare function local:f($n) { if ($n = 0) then 0 else local:f($n - 1) + (" + sum +
                          ") }; local:f(100)"),
                 context) == "limit-recursion");
}

TEST_CASE("Deep trees need no more of the stack than flat ones") {
    constexpr int kDeep = 4000;
    const Query made =
        compiled("let $deep := parse-xml(string-join(((1 to " + std::to_string(kDeep) +
                 ") ! '<a>', 'x', (1 to " + std::to_string(kDeep) +
                 ") ! '</a>'))) return (count($deep//a), deep-equal($deep, document { $deep }), "
                 "string-length(serialize($deep)), string($deep), count(<b>{ $deep }</b>//a), "
                 "count($deep//a[not(a)]/ancestor::a))");
    Limits limits;
    limits.steps = 100'000'000;
    limits.memory = 256 * 1024 * 1024;
    std::string shown;
    std::uint64_t steps = 0;
    // On a stack of 256 KiB.
    const auto run = [](void* given) -> void* {
        (*static_cast<std::function<void()>*>(given))();
        return nullptr;
    };
    std::function<void()> evaluate = [&] {
        DynamicContext context(limits);
        shown = result(made, context);
        steps = context.steps_used();
    };
    pthread_attr_t attributes;
    REQUIRE(pthread_attr_init(&attributes) == 0);
    REQUIRE(pthread_attr_setstacksize(&attributes, 256 * 1024) == 0);
    pthread_t thread{};
    REQUIRE(pthread_create(&thread, &attributes, run, &evaluate) == 0);
    pthread_join(thread, nullptr);
    pthread_attr_destroy(&attributes);
    CHECK(steps > 10 * kDeep);  // and not before, on the stack of those who compile
    CHECK(shown == std::to_string(kDeep) + "\ntrue()\n" + std::to_string(7 * kDeep + 1) + "\n\"x\"\n" +
                       std::to_string(kDeep) + "\n" + std::to_string(kDeep - 1));
}

TEST_CASE("Results are shown by both methods") {
    const auto tree = *xml::parse("<a b='1'>t</a>");
    DynamicContext context;
    context.set_context_item(*tree);
    const Query query = compiled("(/a, 1, 'x', 2)");
    const auto sequence = query.evaluate(context);
    REQUIRE(sequence.ok());
    CHECK(sequence->size() == 4);
    CHECK(sequence->item(2) == "\"x\"");
    CHECK(sequence->item(9).empty());
    xquery::SerializationParameters parameters;
    parameters.omit_xml_declaration = true;
    CHECK(*sequence->serialize(parameters) == "<a b=\"1\">t</a>1 x 2");
    CHECK(*sequence->effective_boolean_value());
}

}  // namespace clacks::xquery_interface_tests
