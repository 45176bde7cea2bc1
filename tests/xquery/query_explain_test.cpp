// Query::explain: what is told of each expression, and what is to blame.
#include <catch2/catch.hpp>
#include <filesystem>

#include "common/xml/parser.hpp"
#include "common/xquery/xquery.hpp"
#include "tests/xquery/case_file.hpp"

namespace clacks::xquery_explain_tests {

using xquery::ExplainedExpression;
using xquery::Explanation;
using xquery::Query;

namespace {

constexpr std::string_view kDocument =
    "<a><b>1</b><b>2</b><b>2</b><b>3</b><c x='y'><d>text</d><d/></c><c><d>words</d></c></a>";

Explanation explained(std::string_view text) {
    static const auto document = *xml::parse(kDocument);
    xquery::CompileOptions options;
    options.explained = true;
    const auto query = Query::compile(text, options);
    INFO(text);
    if (!query.ok()) FAIL(to_string(query.error()));
    xquery::DynamicContext context;
    context.set_context_item(*document);
    return query->explain(context);
}

void blamed(const std::vector<ExplainedExpression>& expressions, std::string& out) {
    for (const ExplainedExpression& one : expressions) {
        if (one.to_blame) out += (out.empty() ? "" : " | ") + one.text;
        blamed(one.parts, out);
    }
}

std::string blamed(std::string_view text) {
    std::string out;
    blamed(explained(text).expressions, out);
    return out;
}

// "text=value" of each, parts in braces.
std::string shown(const std::vector<ExplainedExpression>& expressions) {
    std::string out;
    for (const ExplainedExpression& one : expressions) {
        out += (out.empty() ? "" : " ") + one.text + "=";
        if (one.evaluations != 1) out += std::to_string(one.evaluations) + "x";
        for (std::size_t i = 0; i < one.values.size(); ++i) out += (i > 0 ? ";" : "") + one.values[i];
        if (!one.parts.empty()) out += "{" + shown(one.parts) + "}";
    }
    return out;
}

}  // namespace

TEST_CASE("An explanation has each expression with its value") {
    CHECK(shown(explained("a/b = 2").expressions) ==
          "a/b = 2=true(){a/b=<b>1</b>, <b>2</b>{a=<a><b>1</b><b>2</b><b>2</b><b>3</b><c x=\"y\"><d>text</d>"
          "<d/></c><c><d>words</d></c></a> b=<b>1</b>, <b>2</b>}}");
    CHECK(shown(explained("some $n in (3, 5, 7, 9, 11) satisfies $n > 10").expressions) ==
          "some $n in (3, 5, 7, 9, 11) satisfies $n > 10=true(){3, 5, 7, 9, 11=3, 5, 7 … 5 in all "
          "$n > 10=5xfalse();false();false(){$n=5x3;5;7}}");
    CHECK(explained("a/b").expressions.at(0).items == 1);  // a path is true by its first node
    CHECK(explained("count(a/b) = 4").expressions.at(0).parts.at(0).parts.at(0).items == 4);
}

TEST_CASE("What a short cut leaves out is not evaluated") {
    CHECK(shown(explained("false() and true()").expressions) ==
          "false() and true()=false(){false()=false() true()=0x}");
    CHECK(shown(explained("true() or false()").expressions) ==
          "true() or false()=true(){true()=true() false()=0x}");
    CHECK(shown(explained("if (1) then true() else false()").expressions) ==
          "if (1) then true() else false()=true(){true()=true() false()=0x}");
    CHECK(shown(explained("@none[. = 1]").expressions) == "@none[. = 1]=(){. = 1=0x{.=0x}}");
}

TEST_CASE("The first expression that made a query false is to blame") {
    const std::pair<const char*, const char*> cases[] = {
        {"a/b = 2", ""},
        {"a/b = 9", "a/b = 9"},
        {"a/b = 1 and a/b = 9 and a/b = 8", "a/b = 9"},
        {"a/b = 8 or a/b = 1", ""},
        {"a/b = 8 or a/b = 9", "a/b = 8 | a/b = 9"},
        {"not(a/b = 1)", "not(a/b = 1)"},
        {"exists(a/z)", "z"},
        {"boolean(a/b = 9)", "a/b = 9"},
        {"count(a/z)", "z"},
        {"a/z/b", "z"},
        {"//z/b = 1", "z"},
        {"a/z = 1", "z"},
        {"contains(a/z, 'x')", "z"},
        {"contains(a/c[1]/d[1], 'q')", "contains(a/c[1]/d[1], 'q')"},
        {"a/c[d = 'none']", "d = 'none'"},
        {"a/c[@x = 'y'][d = 'words']/d", "d = 'words'"},
        {"a/c[@x = 'y' and d = 'none']", "d = 'none'"},
        {"a/c[@x = 'y' and d = 'words']", "d = 'words'"},
        {"(a/c)[7]", "(a/c)[7]"},
        {"a/c[7]", "c[7]"},
        {"some $b in a/b satisfies $b > 3", "$b > 3"},
        {"some $b in a/z satisfies $b > 3", "z"},
        {"every $b in a/b satisfies $b > 1", "$b > 1"},
        {"for $b in a/b where $b > 3 return $b", "$b > 3"},
        {"for $b in a/b where $b = 9 return $b", "$b = 9"},
        {"let $c := a/c return $c/d/e", "e"},
        {"if (a/b = 9) then true() else false()", "a/b = 9"},
        {"if (a/b = 1) then a/z else true()", "z"},
        {"a/(x | y)", "x | y"},
        {"a/x | a/y", "x | y"},
        {"(a/x, a/y)", "x | y"},
        {"a/b eq 1 and false()", "a/b eq 1"},    // fails: several values
        {"a/b = 1 and a/c/d > 5", "a/c/d > 5"},  // fails: no number
        {"try { a/b eq 1 } catch * { a/z }", "z"},
        {"a/b/string()", "a/b/string()"},  // fails: several texts
        {"declare function local:f($x) { $x/z }; local:f(a)", "z"},
        {"declare function local:f($x) { $x = 9 }; local:f(a/b) or local:f(a/c)", "$x = 9"},
        {"declare function local:f($x) { $x = '1' }; local:f(a/b) and local:f(a/c)", "local:f(a/c)"},
        {"declare function local:f($x) { local:g($x)[. = 7] }; declare function local:g($x) { $x/b };"
         "local:f(a)",
         ". = 7"},
        {"declare function local:f($n) { $n > 9 or ($n > 0 and local:f($n - 1)) }; local:f(3)",
         "$n > 9 | local:f($n - 1)"},
        {"declare function local:f() { 0 }; local:f()", "local:f()"},
    };
    for (const auto& [query, culprit] : cases) {
        INFO(query);
        CHECK(blamed(query) == culprit);
    }
}

TEST_CASE("An error is told where it arose, and only there") {
    const Explanation explanation = explained("a/b = 1 and (a/c/d[1] + 1) > 5");
    REQUIRE_FALSE(explanation.verdict.ok());
    const ExplainedExpression& whole = explanation.expressions.at(0);
    CHECK(whole.error.empty());
    CHECK(whole.parts.at(1).error.empty());
    CHECK(whole.parts.at(1).parts.at(0).error.starts_with("[XPTY0004]"));
    CHECK(whole.parts.at(1).parts.at(0).to_blame);
    CHECK(whole.parts.at(1).parts.at(0).column == 14);
}

TEST_CASE("A query that is not explained has no expressions, and evaluates as it does") {
    static const auto document = *xml::parse(kDocument);
    const auto plain = Query::compile("a/b[. = 2]");
    xquery::CompileOptions options;
    options.explained = true;
    const auto watched = Query::compile("a/b[. = 2]", options);
    REQUIRE((plain.ok() && watched.ok()));
    xquery::DynamicContext context;
    context.set_context_item(*document);
    const Explanation explanation = plain->explain(context);
    CHECK((explanation.verdict.ok() && *explanation.verdict));
    CHECK(explanation.expressions.empty());
    CHECK(watched->matches(context).value());  // without anybody watching
    CHECK(watched->evaluate(context)->serialize() == "<b>2</b>\n<b>2</b>");
}

namespace {

std::string verdict_of(const Result<bool>& verdict) {
    return verdict.ok() ? (*verdict ? "true" : "false") : verdict.error().code;
}

// Whether it was compared.
bool compare_verdicts(const xquery_tests::Case& one) {
    xquery::CompileOptions options;
    const auto plain = Query::compile(one.query, options);
    options.explained = true;
    const auto watched = Query::compile(one.query, options);
    CHECK(plain.ok() == watched.ok());
    if (!plain.ok() || !watched.ok()) return false;
    xquery::DynamicContext context;
    std::shared_ptr<const xml::Tree> tree;
    if (!one.document.empty()) {
        tree = *xml::parse(one.document);
        context.set_context_item(*tree);
    }
    const std::string said = verdict_of(plain->matches(context));
    const Explanation explanation = watched->explain(context);
    const std::string told = verdict_of(explanation.verdict);
    if (said.starts_with("limit-") || told.starts_with("limit-")) return false;  // watching takes more
    CHECK(told == said);
    std::string culprits;
    blamed(explanation.expressions, culprits);
    const auto& expressions = explanation.expressions;
    const bool evaluated = !expressions.empty() && expressions.front().evaluations > 0;  // and no literal
    CHECK((said == "true" || !culprits.empty() || !evaluated));
    return true;
}

}  // namespace

TEST_CASE("A query that is explained gives the verdict that it gives otherwise, and something is to blame") {
    std::size_t n = 0;
    for (const auto& entry : std::filesystem::directory_iterator(CLACKS_SOURCE_DIR "/tests/xquery/cases")) {
        if (entry.path().extension() != ".xqt") continue;
        for (const auto& one : xquery_tests::read_cases(entry.path())) {
            INFO(one.place << "\n" << one.query);
            if (one.limits.steps == xquery::Limits().steps && compare_verdicts(one)) ++n;
        }
    }
    CHECK(n >= 500);
}

TEST_CASE("A function of an explained query may run in another one that is explained") {
    xquery::CompileOptions options;
    options.explained = true;
    const auto maker = Query::compile("function($x) { let $y := $x + 1 return ($y * 2, $y)[1] }", options);
    const auto caller = Query::compile("declare variable $f external; $f(1) = 5", options);
    REQUIRE((maker.ok() && caller.ok()));
    xquery::DynamicContext made, context;
    const auto function = maker->evaluate(made);
    REQUIRE(function.ok());
    context.bind("f", *function);
    const Explanation explanation = caller->explain(context);
    CHECK((explanation.verdict.ok() && !*explanation.verdict));
    CHECK(explanation.expressions.at(0).parts.at(0).values.at(0) == "4");
}

}  // namespace clacks::xquery_explain_tests
