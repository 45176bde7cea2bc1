// Literals, operators, paths, postfix and primary expressions.
#include "tests/xquery/syntax_cases.hpp"

namespace clacks::syntax_tests {

TEST_CASE("literals") {
    check_trees({
        {"0", "0"},
        {"12.", "12.m"},
        {".5", ".5m"},
        {"1.5", "1.5m"},
        {"1e3", "1e3d"},
        {".5E-3", ".5E-3d"},
        {"1.e+3", "1.e+3d"},
        {"\"a\"\"b'c\"", "\"a\"b'c\""},
        {"'a''b\"c'", "\"a'b\"c\""},
        {"'&lt;&gt;&amp;&quot;&apos;'", "\"<>&\"'\""},
        {"'&#65;&#x42;&#x20AC;&#x1F600;'", "\"AB\u20AC\U0001F600\""},
        {"'a\r\nb\rc'", "\"a\\nb\\nc\""},
        {"\xEF\xBB\xBF'bom'", "\"bom\""},
        {"()", "()"},
        {"(1)", "1"},
        {"1, 'a', 2", "(seq 1 \"a\" 2)"},
        {"(1, (2, 3))", "(seq 1 (seq 2 3))"},
        {".", "."},
        {"$x", "$x"},
        {"$ p:x", "$p:x"},
        {"$Q{ http://a   b }c", "$Q{http://a b}c"},
        {"$Q{}c", "$Q{}c"},
    });
}

TEST_CASE("comments and white space") {
    check_trees({
        {"(: a (: nested :) 'quote :) 1 (::)", "1"},
        {"1(::)+(: :)2", "(1 + 2)"},
        {"for(: :)$x in(: :)1 return(: :)$x", "(flwor {for $x in 1} $x)"},
        {"a(: :)/(: :)b", "(path child::a child::b)"},
    });
    check_faults({
        {"(: (: :) 1", "XPST0003 1:1"},
        {"1 :)", "XPST0003 1:3"},
    });
}

TEST_CASE("operators bind as in appendix A.4") {
    check_trees({
        {"1 or 2 and 3 or 4", "(1 or (2 and 3) or 4)"},
        {"1 = 2 and 3 ne 4", "((1 = 2) and (3 ne 4))"},
        {"a eq b", "(child::a eq child::b)"},
        {"a lt b or c le d or e gt f or g ge h",
         "((child::a lt child::b) or (child::c le child::d) or (child::e gt child::f) or "
         "(child::g ge child::h))"},
        {"1 != 2", "(1 != 2)"},
        {"1 < 2", "(1 < 2)"},
        {"1 <= 2", "(1 <= 2)"},
        {"1 > 2", "(1 > 2)"},
        {"1 >= 2", "(1 >= 2)"},
        {"$a is $b", "($a is $b)"},
        {"$a << $b", "($a << $b)"},
        {"$a >> $b", "($a >> $b)"},
        {"'a' || 'b' || 'c' = 'abc'", "((\"a\" || \"b\" || \"c\") = \"abc\")"},
        {"1 to 2 + 3", "(1 to (2 + 3))"},
        {"1 + 2 - 3 * 4", "(1 + 2 - (3 * 4))"},
        {"8 div 2 idiv 3 mod 4 * 5", "(8 div 2 idiv 3 mod 4 * 5)"},
        {"1 or 2 = 3 + 4 * 5 | $a intersect $b and 6",
         "(1 or ((2 = (3 + (4 * (5 union ($a intersect $b))))) and 6))"},
        {"$a intersect $b | $c * 2 + 3 to 4 || 5 = 6 and 7 or 8",
         "((((((((($a intersect $b) union $c) * 2) + 3) to 4) || 5) = 6) and 7) or 8)"},
        {"1 + 2 || 3 + 4 = 5 - 6", "(((1 + 2) || (3 + 4)) = (5 - 6))"},
        {"$a | $b union $c", "($a union $b union $c)"},
        {"$a union $b intersect $c except $d", "($a union ($b intersect $c except $d))"},
        {"$a * $b | $c", "($a * ($b union $c))"},
        {"- + - 1", "(+1)"},
        {"1 - -1", "(1 - (-1))"},
        {"-1 * 2", "((-1) * 2)"},
        {"- $a => f()", "((-$a) => f())"},
        {"$a ! $b ! $c", "($a ! $b ! $c)"},
        {"-$a!$b", "(-($a ! $b))"},
        {"$a/b ! c", "((path $a child::b) ! child::c)"},
        {"(1 + 2) * 3", "((1 + 2) * 3)"},
        {"1 - (2 - 3)", "(1 - (2 - 3))"},
        {"a-b", "child::a-b"},
        {"a -b", "(child::a - child::b)"},
        {"\"a\"eq\"b\"", "(\"a\" eq \"b\")"},
        {"1 (:c:)eq(:c:) 2", "(1 eq 2)"},
    });
    check_faults({
        {"1 eq 2 eq 3", "XPST0003 1:8"},
        {"1 = 2 = 3", "XPST0003 1:7"},
        {"1 to 2 to 3", "XPST0003 1:8"},
        {"'a' || 1 to 2 to 3", "XPST0003 1:15"},
        {"1 = 2 + 3 eq 4", "XPST0003 1:11"},
        {"1 = 2 || 3 to 4 lt 5", "XPST0003 1:17"},
        {"$a is $b is $c", "XPST0003 1:10"},
        {"1 cast as a cast as b", "XPST0003 1:13"},
        {"1 instance of a cast as b", "XPST0003 1:17"},
        {"10div 3", "XPST0003 1:3"},
        {"1eq 2", "XPST0003 1:1"},
    });
}

TEST_CASE("operators with types") {
    check_trees({
        {"1 instance of xs:integer", "(1 instance-of xs:integer)"},
        {"$x treat as node()+ instance of item()*", "(($x treat-as node()+) instance-of item()*)"},
        {"$x cast as xs:integer? castable as xs:string", "(($x cast-as xs:integer?) castable-as xs:string)"},
        {"-1 cast as Q{u}t", "((-1) cast-as Q{u}t)"},
        {"1 instance of xs:integer * 3",
         "error query:1:28: [XPST0003] expected the end of the query, found '3'"},
        {"(1 instance of xs:integer) + 3", "((1 instance-of xs:integer) + 3)"},
        {"$a => f()", "($a => f())"},
        {"$a => p:f(1, ?) => $g() => (h#1)(2)", "($a => p:f(1, _) => $g() => h#1(2))"},
        {"$a => f() cast as xs:string", "(($a => f()) cast-as xs:string)"},
    });
}

TEST_CASE("paths") {
    check_trees({
        {"/", "(path /)"},
        {"/a", "(path / child::a)"},
        {"//a", "(path / descendant-or-self::node() child::a)"},
        {"a/b//c", "(path child::a child::b descendant-or-self::node() child::c)"},
        {"./f:Event/f:PhoneStatus", "(path . child::f:Event child::f:PhoneStatus)"},
        {"..", "parent::node()"},
        {"../@a", "(path parent::node() attribute::a)"},
        {"@*", "attribute::*"},
        {"a[1]['x']/b[@c = 1]", "(path child::a[1][\"x\"] child::b[(attribute::c = 1)])"},
        {"(a/b)[1]", "(postfix (path child::a child::b)[1])"},
        {"a/(b, c)", "(path child::a (seq child::b child::c))"},
        {"a/f(.)", "(path child::a f(.))"},
        {"a/1", "(path child::a 1)"},
        {"child::a/descendant::b/attribute::c/self::d/descendant-or-self::e",
         "(path child::a descendant::b attribute::c self::d descendant-or-self::e)"},
        {"following-sibling::a/following::b/parent::c/ancestor::d/preceding-sibling::e/preceding::f",
         "(path following-sibling::a following::b parent::c ancestor::d preceding-sibling::e preceding::f)"},
        {"ancestor-or-self :: a", "ancestor-or-self::a"},
        {"attribute(a)", "attribute::attribute(a)"},
        {"schema-attribute(a)", "attribute::schema-attribute(a)"},
        {"self::attribute()", "self::attribute()"},
        {"*", "child::*"},
        {"p:*", "child::p:*"},
        {"*:l", "child::*:l"},
        {"Q{u}*", "child::Q{u}*"},
        {"Q{u}l", "child::Q{u}l"},
        {"* * *", "(child::* * child::*)"},
        {"text()/node()/comment()", "(path child::text() child::node() child::comment())"},
        {"self::namespace-node()", "self::namespace-node()"},
        {"processing-instruction()", "child::processing-instruction()"},
        {"processing-instruction(a)", "child::processing-instruction(a)"},
        {"processing-instruction(' a  b ')", "child::processing-instruction(a b)"},
        {"document-node()", "child::document-node()"},
        {"document-node(element(a))", "child::document-node(element(a))"},
        {"document-node(schema-element(a))", "child::document-node(schema-element(a))"},
        {"element()", "child::element()"},
        {"element(*)", "child::element()"},
        {"element(a, t?)", "child::element(a, t?)"},
        {"element(*, t)", "child::element(*, t)"},
        {"attribute(*, t)", "attribute::attribute(*, t)"},
        {"schema-element(p:a)", "child::schema-element(p:a)"},
    });
}

TEST_CASE("a lone slash takes what can be a step") {
    check_trees({
        {"(/) * 5", "((path /) * 5)"},
        {"5 * /", "(5 * (path /))"},
        {"/ = 1", "((path /) = 1)"},
        {"/ + 1", "((path /) + 1)"},
        {"/ << $x", "((path /) << $x)"},
        {"/ * ", "(path / child::*)"},
        {"/ eq", "(path / child::eq)"},
        {"/<a/>", "(path / <a>)"},
        {"f(/, 1)", "f((path /), 1)"},
    });
    check_faults({
        {"/ * 5", "XPST0003 1:5"},
        {"/ eq 1", "XPST0003 1:6"},
        {"/ < 5", "XPST0003 1:3"},
        {"//", "XPST0003 1:3"},
        {"a/", "XPST0003 1:3"},
        {"a//", "XPST0003 1:4"},
    });
}

TEST_CASE("no word is reserved") {
    check_trees({
        {"for", "child::for"},
        {"if/then/else", "(path child::if child::then child::else)"},
        {"return eq return", "(child::return eq child::return)"},
        {"div div div", "(child::div div child::div)"},
        {"and and and", "(child::and and child::and)"},
        {"element/attribute", "(path child::element child::attribute)"},
        {"element eq text", "(child::element eq child::text)"},
        {"declare/xquery/module/import", "(path child::declare child::xquery child::module child::import)"},
        {"declare eq 1", "(child::declare eq 1)"},
        {"xquery", "child::xquery"},
        {"validate", "child::validate"},
        {"map/array/function", "(path child::map child::array child::function)"},
        {"ordered = unordered", "(child::ordered = child::unordered)"},
        {"some/every", "(path child::some child::every)"},
        {"try | catch", "(child::try union child::catch)"},
        {"let:x", "child::let:x"},
        {"for (1)", "for(1)"},
        {"some()", "some()"},
        {"for $for in for return return", "(flwor {for $for in child::for} child::return)"},
        {"cast cast as cast", "(child::cast cast-as cast)"},
        {"instance instance of of", "(child::instance instance-of of)"},
        {"switch", "child::switch"},
        {"p:if(1)", "p:if(1)"},
    });
}

TEST_CASE("calls, references and postfix expressions") {
    check_trees({
        {"f()", "f()"},
        {"fn:concat('a', ?, $b)", "fn:concat(\"a\", _, $b)"},
        {"f(?a, ? )", "f((?a), _)"},
        {"Q{u}f(1)", "Q{u}f(1)"},
        {"f#2", "f#2"},
        {"p:f # 10", "p:f#10"},
        {"$f(1)(2)[3]?x?1?*?(y)", "(postfix $f(1)(2)[3]?x?1?*?(child::y))"},
        {"f(1)[2]", "(postfix f(1)[2])"},
        {"?x", "(?x)"},
        {"?*?2", "(postfix (?*)?2)"},
        {"?(1, 2)", "(?((seq 1 2)))"},
        {"$a ? b", "(postfix $a?b)"},
        {"'a'[1]", "(postfix \"a\"[1])"},
        {"function($x, $y as xs:integer*) as item() { $x }",
         "(function($x, $y as xs:integer*) as item() $x)"},
        {"function() {}", "(function() ())"},
        {"%a:b %c(1, 'd') function() { 1 }", "(%a:b %c 1 \"d\" function() 1)"},
    });
    check_faults({
        {"if()", "XPST0003 1:4"},
        {"item()", "XPST0003 1:1"},
        {"typeswitch#1", "XPST0003 1:1"},
        {"f#x", "XPST0003 1:3"},
        {"f(1,)", "XPST0003 1:5"},
        {"$f(", "XPST0003 1:4"},
        {"%a 1", "XPST0003 1:4"},
    });
}

TEST_CASE("maps, arrays and string constructors") {
    check_trees({
        {"map {}", "(map)"},
        {"map { 'a' : 1, $b:c : 2 }", "(map {\"a\" : 1} {$b:c : 2})"},
        {"map{a :b}", "(map {child::a : child::b})"},
        {"map{'a':map{1:2}}", "(map {\"a\" : (map {1 : 2})})"},
        {"[]", "(square)"},
        {"[1, (2, 3)]", "(square 1 (seq 2 3))"},
        {"array {}", "(array ())"},
        {"array { 1, 2 }", "(array (seq 1 2))"},
        {"``[]``", "(string)"},
        {"``[a `b` {c} ]`` || 1", "((string \"a `b` {c} \") || 1)"},
        {"``[a`{ $b }`c`{}`]``", "(string \"a\" {$b} \"c\" {()})"},
        {"``[`{ ``[in`{1}`]`` }`]``", "(string {(string \"in\" {1})})"},
    });
    check_faults({
        {"map{a:b}", "XPST0003 1:8"},
        {"map { 1 : }", "XPST0003 1:11"},
        {"[1,]", "XPST0003 1:4"},
        {"``[a", "XPST0003 1:1"},
        {"``[`{1}]``", "XPST0003 1:7"},
        {"`a`", "XPST0003 1:1"},
    });
}

TEST_CASE("spans count in the text with its line ends normalised") {
    const auto result = parse("a +\r\n  bcd * 2");
    REQUIRE(result.ok());
    const Ast& ast = **result;
    const auto& sum = as<Chain>(*ast.module().body);
    CHECK(ast.text(sum.span) == "a +\n  bcd * 2");
    const auto& product = as<Chain>(*sum.rest[0].expr);
    CHECK(ast.text(sum.rest[0].op_span) == "+");
    CHECK(ast.text(product.span) == "bcd * 2");
    CHECK(ast.text(product.first->span) == "bcd");
    CHECK(ast.text(as<AxisStep>(*product.first).test.name.name.span) == "bcd");
}

TEST_CASE("spans end with the last token") {
    const auto text = [](std::string_view query) {
        const auto result = parse(query);
        REQUIRE(result.ok());
        return std::string((*result)->text((*result)->module().body->span));
    };
    CHECK(text("  $x  ") == "$x");
    CHECK(text(" f(1) (: c :) ") == "f(1)");
    CHECK(text("<a> </a> ") == "<a> </a>");
    CHECK(text("a[1] ") == "a[1]");
    CHECK(text("for $x in 1 return $x ") == "for $x in 1 return $x");
    CHECK(text("map { * : 1 } ") == "map { * : 1 }");
}

}  // namespace clacks::syntax_tests
