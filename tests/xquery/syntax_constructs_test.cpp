// FLWOR, control expressions, constructors, types and the prolog.
#include "tests/xquery/syntax_cases.hpp"

namespace clacks::syntax_tests {

TEST_CASE("FLWOR expressions") {
    check_trees({
        {"for $x in 1 return $x", "(flwor {for $x in 1} $x)"},
        {"for $x as xs:integer allowing empty at $p in (1, 2), $y in 3 return $p",
         "(flwor {for $x as xs:integer allowing-empty at $p in (seq 1 2)} {for $y in 3} $p)"},
        {"let $x := 1, $y as item()* := 2 return $y", "(flwor {let $x := 1} {let $y as item()* := 2} $y)"},
        {"let $e := ./f:Event return $e/f:PhoneStatus",
         "(flwor {let $e := (path . child::f:Event)} (path $e child::f:PhoneStatus))"},
        {"for $x in 1 where $x let $y := 2 where $y count $c for $z in 3 return 4",
         "(flwor {for $x in 1} {where $x} {let $y := 2} {where $y} {count $c} {for $z in 3} 4)"},
        {"for $x in 1 order by $x descending empty greatest collation 'c', $y ascending empty least return 1",
         "(flwor {for $x in 1} {order $x descending empty-greatest collation \"c\" $y empty-least} 1)"},
        {"for $x in 1 stable order by $x return 1", "(flwor {for $x in 1} {stable-order $x} 1)"},
        {"for $x in 1 group by $x, $k as xs:string := $y collation 'c', $z := 1 return 1",
         "(flwor {for $x in 1} {group $x $k as xs:string := $y collation \"c\" $z := 1} 1)"},
        {"for tumbling window $w in 1 start when 2 return 3", "(flwor {tumbling $w in 1 start when 2} 3)"},
        {"for tumbling window $w as item()+ in 1 start $s at $i previous $p next $n when 2 only end $e at $j "
         "previous $q next $m when 4 return 3",
         "(flwor {tumbling $w as item()+ in 1 start $s at $i previous $p next $n when 2 only-end $e at $j "
         "previous $q next $m when 4} 3)"},
        {"for sliding window $w in 1 start when 2 end when 3 return 4",
         "(flwor {sliding $w in 1 start when 2 end when 3} 4)"},
        {"for $x in 1 return for $y in 2 return 3", "(flwor {for $x in 1} (flwor {for $y in 2} 3))"},
        {"for $x in 1 return 2, 3", "(seq (flwor {for $x in 1} 2) 3)"},
    });
    check_faults({
        {"for $x in 1", "XPST0003 1:12"},
        {"for $x return 1", "XPST0003 1:8"},
        {"for sliding window $w in 1 start when 2 return 4", "XPST0003 1:41"},
        {"for $x in 1 group by $k as xs:string return 1", "XPST0003 1:38"},
        {"for $x in 1 order $x return 1", "XPST0003 1:19"},
    });
}

TEST_CASE("control expressions") {
    check_trees({
        {"some $x in 1, $y as xs:integer in 2 satisfies $x", "(some {$x in 1} {$y as xs:integer in 2} $x)"},
        {"every $x in 1 satisfies $x or $y", "(every {$x in 1} ($x or $y))"},
        {"if (1) then 2 else if (3, 4) then 5 else 6", "(if 1 2 (if (seq 3 4) 5 6))"},
        {"switch (1) case 1 case 2 return 'a' case 3 return 'b' default return 'c'",
         "(switch 1 {case 1 2 => \"a\"} {case 3 => \"b\"} \"c\")"},
        {"typeswitch (1) case xs:integer return 1 case $x as xs:string | node()* return $x default $d return "
         "$d",
         "(typeswitch 1 {xs:integer => 1} {$x xs:string node()* => $x} {$d => $d})"},
        {"typeswitch (1) case empty-sequence() return 1 default return 2",
         "(typeswitch 1 {empty-sequence() => 1} {=> 2})"},
        {"try { 1 } catch err:a | *:b | c:* { 2 } catch * { 3 }", "(try 1 {err:a *:b c:* => 2} {* => 3})"},
        {"try {} catch Q{u}* {}", "(try () {Q{u}* => ()})"},
        {"ordered { 1 } , unordered { 2 }", "(seq (ordered 1) (unordered 2))"},
        {"validate { 1 }", "(validate 1)"},
        {"validate lax { 1 }", "(validate lax 1)"},
        {"validate strict { 1 }", "(validate strict 1)"},
        {"validate type p:t { 1 }", "(validate type p:t 1)"},
        {"(# p:a #) {}", "(extension {p:a \"\"})"},
        {"(#p:a some (: content #)(#Q{u}b  x#) { 1 }",
         "(extension {p:a \"some (: content \"} {Q{u}b \"x\"} 1)"},
    });
    check_faults({
        {"if (1) then 2", "XPST0003 1:14"},
        {"if (1) 2", "XPST0003 1:8"},
        {"switch (1) default return 2", "XPST0003 1:12"},
        {"typeswitch (1) default return 2", "XPST0003 1:16"},
        {"try { 1 }", "XPST0003 1:10"},
        {"some $x in 1", "XPST0003 1:13"},
        {"validate {}", "XPST0003 1:11"},
        {"(# p:a { 1 }", "XPST0003 1:1"},
        {"(# p:a #) 1", "XPST0003 1:11"},
        {"1 + if (1) then 2 else 3", "XPST0003 1:5"},
    });
}

TEST_CASE("direct constructors") {
    check_trees({
        {"<a/>", "<a>"},
        {"<p:a b=\"1\" c = 'x' />", "<p:a b=( \"1\" ) c=( \"x\" )>"},
        {"<a xmlns='u' xmlns:p=' v  w '/>", "<a xmlns:=\"u\" xmlns:p=\"v w\">"},
        {"<a b='{1}x{{y}}{2}'/>", "<a b=( {1} \"x{y}\" {2} )>"},
        {"<a b='it''s &lt;&#xA;\n\t'/>", "<a b=( \"it's <\\n  \" )>"},
        {"<a b=\"\"/>", "<a b=( )>"},
        {"<a> <b/> x {1} {2}</a>", "<a ~\" \" <b> \" x \" {1} ~\" \" {2}>"},
        {"<a>{{}}&amp;&#x20;</a>", "<a \"{}& \">"},
        {"<a>&#x20;</a>", "<a \" \">"},
        {"<a> <![CDATA[<b>{]]> </a>", "<a \" <b>{ \">"},
        {"<a>{}</a>", "<a {()}>"},
        {"<a>{1, 2}</a>", "<a {(seq 1 2)}>"},
        {"<a><!-- c --><?t d e ?></a>", "<a <!-- c --> <?t d e ?>>"},
        {"<a>(: text :)</a>", "<a \"(: text :)\">"},
        {"<a\n>\n</a\t>", "<a ~\"\\n\">"},
        {"<!---->", "<!---->"},
        {"<?t?>", "<?t ?>"},
        {"<a>{<b>{<c/>}</b>}</a>", "<a {<b {<c>}>}>"},
        {"<a/> = <b/>", "(<a> = <b>)"},
        {"1 <a", "(1 < child::a)"},
    });
    check_faults({
        {"<a>", "XPST0003 1:2"},
        {"<a></b>", "XQST0118 1:4"},
        {"<a></p:a>", "XQST0118 1:4"},
        {"<a b=1/>", "XPST0003 1:6"},
        {"<a b='1'c='2'/>", "XPST0003 1:9"},
        {"<a b='<'/>", "XPST0003 1:7"},
        {"<a b='}'/>", "XPST0003 1:7"},
        {"<a>}</a>", "XPST0003 1:4"},
        {"<a>&b;</a>", "XPST0003 1:4"},
        {"<a>&#0;</a>", "XQST0090 1:4"},
        {"<a>< /a>", "XPST0003 1:4"},
        {"<a ", "XPST0003 1:4"},
        {"< a/>", "XPST0003 1:1"},
        {"<Q{u}a/>", "XPST0003 1:3"},
        {"<a xmlns:p='{1}'/>", "XQST0022 1:4"},
        {"<a xmlns:p=''/>", "XQST0085 1:4"},
        {"<a xmlns:p='u' xmlns:p='v'/>", "XQST0071 1:16"},
        {"<!-- -- -->", "XPST0003 1:6"},
        {"<!-- --->", "XPST0003 1:6"},
        {"<?xml version='1.0'?>", "XPST0003 1:1"},
        {"<?t", "XPST0003 1:1"},
        {"<a><![CDATA[</a>", "XPST0003 1:4"},
    });
}

TEST_CASE("computed constructors") {
    check_trees({
        {"element a {}", "(element a ())"},
        {"element p:a { 1, 2 }", "(element p:a (seq 1 2))"},
        {"element Q{u}a { 1 }", "(element Q{u}a 1)"},
        {"element { 'a' } { 1 }", "(element {\"a\"} 1)"},
        {"attribute a { 1 }", "(attribute a 1)"},
        {"attribute { $n } {}", "(attribute {$n} ())"},
        {"namespace p { 'u' }", "(namespace p \"u\")"},
        {"namespace { '' } { 'u' }", "(namespace {\"\"} \"u\")"},
        {"processing-instruction t { 'd' }", "(processing-instruction t \"d\")"},
        {"processing-instruction { 't' } { 'd' }", "(processing-instruction {\"t\"} \"d\")"},
        {"document { <a/> }", "(document <a>)"},
        {"text { 1 }", "(text 1)"},
        {"comment {}", "(comment ())"},
        {"a/element b { c }", "(path child::a (element b child::c))"},
    });
    check_faults({
        {"element {} { 1 }", "XPST0003 1:10"},
        {"element { 'a' }", "XPST0003 1:16"},
        {"text a { 1 }", "XPST0003 1:6"},
        {"namespace p:q { 1 }", "XPST0003 1:11"},
    });
}

TEST_CASE("sequence types") {
    const auto type = [](std::string_view text) {
        const std::string all = tree("$x instance of " + std::string(text));
        return all.substr(std::string_view("($x instance-of ").size());
    };
    CHECK(type("empty-sequence()") == "empty-sequence())");
    CHECK(type("item()?") == "item()?)");
    CHECK(type("(xs:integer)+") == "xs:integer+)");
    CHECK(type("((item()))*") == "item()*)");
    CHECK(type("function(*)") == "function(*))");
    CHECK(type("function() as item()") == "function() as item())");
    CHECK(type("function(xs:string?, node()*) as xs:int+") == "function(xs:string?, node()*) as xs:int+)");
    CHECK(type("(function() as item()*)?") == "function() as item()*?)");
    CHECK(type("%a('b') function(*)") == "%a \"b\" function(*))");
    CHECK(type("map(*)") == "map(*))");
    CHECK(type("map(xs:string, array(*)?)") == "map(xs:string, array(*)?))");
    CHECK(type("array(xs:integer*)") == "array(xs:integer*))");
    CHECK(type("document-node(element(a, b))") == "document-node(element(a, b)))");
    CHECK(type("element") == "element)");
    check_faults({
        {"$x instance of xs:integer()", "XPST0003 1:16"},
        {"$x instance of map(xs:string)", "XPST0003 1:29"},
        {"$x instance of function(item())", "XPST0003 1:32"},
        {"$x instance of %a item()", "XPST0003 1:19"},
        {"$x cast as item()", "XPST0003 1:16"},
        {"$x cast as xs:integer*", "XPST0003 1:23"},
        {"$x instance of attribute(a, b?)", "XPST0003 1:30"},
        {"$x instance of empty-sequence()?", "XPST0003 1:32"},
    });
}

TEST_CASE("the version declaration") {
    check_trees({
        {"xquery version '3.1'; 1", "{xquery \"3.1\" \"\"} 1"},
        {"xquery version '1.0' encoding 'UTF-8'; 1", "{xquery \"1.0\" \"UTF-8\"} 1"},
        {"(: c :) xquery encoding 'utf-8'; 1", "{xquery \"\" \"utf-8\"} 1"},
    });
    check_faults({
        {"xquery version '4.0'; 1", "XQST0031 1:1"},
        {"xquery version '3.1' encoding '8bit'; 1", "XQST0087 1:1"},
        {"xquery version '3.1' 1", "XPST0003 1:22"},
    });
}

TEST_CASE("the prolog") {
    check_trees({
        {"declare namespace f='http://www.gonicus.de/Events'; 1",
         "{namespace f=\"http://www.gonicus.de/Events\"} 1"},
        {"declare boundary-space preserve; declare construction strip; declare ordering ordered; 1",
         "{preserve-boundary-space yes}{preserve-construction no}{ordered yes} 1"},
        {"declare default order empty least; declare copy-namespaces no-preserve, inherit; 1",
         "{copy-namespaces no-preserve inherit}{empty least} 1"},
        {"declare base-uri ' a  b '; declare default collation 'c'; 1",
         "{base-uri \"a b\"}{collation \"c\"} 1"},
        {"declare default element namespace 'e'; declare default function namespace 'f'; 1",
         "{element-namespace \"e\"}{function-namespace \"f\"} 1"},
        {"declare decimal-format p:d NaN='n' digit='#'; declare default decimal-format zero-digit='0'; 1",
         "{decimal-format p:d NaN=\"n\" digit=\"#\"}{decimal-format default zero-digit=\"0\"} 1"},
        {"import schema 'u'; import schema namespace p='v' at 'a', 'b'; import schema default element "
         "namespace "
         "'w'; 1",
         "{schema =\"u\"}{schema p=\"v\" \"a\" \"b\"}{schema default =\"w\"} 1"},
        {"import module 'u'; import module namespace p='v' at 'a'; 1",
         "{module =\"u\"}{module p=\"v\" \"a\"} 1"},
        {"declare variable $x := 1; $x", "{$x := 1} $x"},
        {"declare %private %a:b(1) variable $p:x as xs:integer* external := 2; 1",
         "{%private %a:b 1 $p:x as xs:integer* external := 2} 1"},
        {"declare variable $subject external; $subject", "{$subject external} $subject"},
        {"declare function local:f($a as item(), $b) as xs:int { $a }; local:f(1, 2)",
         "{function local:f($a as item(), $b) as xs:int $a} local:f(1, 2)"},
        {"declare %public function f() external; 1", "{%public function f() external} 1"},
        {"declare function f() {}; 1", "{function f() ()} 1"},
        {"declare option p:o 'v'; 1", "{option p:o \"v\"} 1"},
        {"declare context item := 1; .", "{context-item := 1} ."},
        {"declare context item as node() external := 2; .", "{context-item as node() external := 2} ."},
        {"module namespace m='u'; declare variable $m:x := 1;", "{library m=\"u\"}{$m:x := 1}"},
        {"module namespace m='u';", "{library m=\"u\"}"},
    });
    check_faults({
        {"declare namespace p 'u'; 1", "XPST0003 1:21"},
        {"declare namespace p='u' 1", "XPST0003 1:25"},
        {"declare variable x := 1; 1", "XPST0003 1:9"},
        {"declare variable $x = 1; 1", "XPST0003 1:21"},
        {"declare variable $x := 1; declare namespace p='u'; 1", "XPST0003 1:27"},
        {"declare function f($x, ) { 1 }; 1", "XPST0003 1:24"},
        {"declare function if() { 1 }; 1", "XPST0003 1:18"},
        {"declare nonsense; 1", "XPST0003 1:9"},
        {"declare variable $x := 1;", "XPST0003 1:26"},
        {"declare default thing namespace 'u'; 1", "XPST0003 1:17"},
        {"declare decimal-format d nan='x'; 1", "XPST0003 1:26"},
        {"declare decimal-format d NaN='x' NaN='y'; 1", "XQST0114 1:34"},
        {"declare boundary-space strip; declare boundary-space strip; 1", "XQST0068 1:31"},
        {"declare construction strip; declare construction strip; 1", "XQST0067 1:29"},
        {"declare ordering ordered; declare ordering ordered; 1", "XQST0065 1:27"},
        {"declare default order empty least; declare default order empty least; 1", "XQST0069 1:36"},
        {"declare base-uri 'a'; declare base-uri 'a'; 1", "XQST0032 1:23"},
        {"declare default collation 'a'; declare default collation 'a'; 1", "XQST0038 1:32"},
        {"declare default element namespace 'a'; declare default element namespace 'b'; 1", "XQST0066 1:40"},
        {"declare copy-namespaces preserve, inherit; declare copy-namespaces preserve, inherit; 1",
         "XQST0055 1:44"},
        {"declare context item := 1; declare context item := 1; 1", "XQST0099 1:28"},
        {"module namespace m=''; ", "XQST0088 1:1"},
        {"import module ''; 1", "XQST0088 1:1"},
        {"module namespace m='u'; 1", "XPST0003 1:25"},
    });
}

TEST_CASE("every kind has a name") {
    for (std::size_t i = 0; i < kExprKindCount; ++i)
        CHECK_FALSE(construct_name(static_cast<ExprKind>(i)).empty());
    CHECK(construct_name(ExprKind::typeswitch_) == "typeswitch expression");
    CHECK(construct_name(ExprKind::computed_comment) == "computed comment constructor");
    CHECK(construct_name(ClauseKind::window) == "window clause");
    CHECK(operator_text(Operator::precedes) == "<<");
    CHECK(operator_text(Operator::integer_divide) == "idiv");
}

}  // namespace clacks::syntax_tests
