// Static types by themselves, and the warnings that come of them.
#include <catch2/catch.hpp>
#include <string>

#include "common/xquery/plan/static_type.hpp"
#include "common/xquery/plan/type_problem.hpp"
#include "common/xquery/xquery.hpp"

namespace clacks::xquery_static_type_tests {

using namespace xquery;
using namespace xquery::plan;

namespace {

StaticType one(Kinds kinds) {
    return {kinds, true, true, false};
}

SequenceType type(Type atomic, Occurrence occurrence) {
    return {ItemType::of(atomic), occurrence};
}

std::string warnings(std::string_view text) {
    const auto query = Query::compile(text);
    INFO(text);
    if (!query.ok()) FAIL(to_string(query.error()));
    std::string codes;
    for (const Diagnostic& warning : query->warnings())
        codes += warning.code + "@" + std::to_string(warning.column) + " ";
    return codes;
}

}  // namespace

TEST_CASE("A type's kinds are those of itself and of what is derived from it") {
    CHECK(kinds_of(ItemType::of(Type::integer)) == kIntegers);
    CHECK(kinds_of(ItemType::of(Type::numeric)) == kNumbers);
    CHECK(kinds_of(ItemType::of(Type::any_atomic)) == kAtomic);
    CHECK((kNodes & kAtomic) == 0);
    CHECK((kNodes | kFunctions | kAtomic) == kAnything);
    CHECK(kinds_of(Item::of_integer(1)) == kind_of(Type::integer));
}

TEST_CASE("Nodes are atomized to untyped values or strings, arrays to anything") {
    CHECK(atomized(one(kElement)).kinds == kind_of(Type::untyped_atomic));
    CHECK(atomized(one(kind_of(xml::NodeKind::comment))).kinds == kind_of(Type::string));
    CHECK(atomized(one(kElement)).exactly_one());
    CHECK(atomized(one(kind_of(Type::array))).kinds == kAtomic);
    CHECK_FALSE(atomized(one(kind_of(Type::array))).at_least_one);
}

TEST_CASE("Arithmetic gives the types of Functions and Operators") {
    const Kinds integer = kind_of(Type::integer), date = kind_of(Type::date);
    const Kinds days = kind_of(Type::day_time_duration), months = kind_of(Type::year_month_duration);
    CHECK(arithmetic_kinds(Arithmetic::add, integer, integer) == integer);
    CHECK(arithmetic_kinds(Arithmetic::divide, integer, integer) == kind_of(Type::decimal));
    CHECK(arithmetic_kinds(Arithmetic::integer_divide, kElement, integer) == integer);
    CHECK(arithmetic_kinds(Arithmetic::add, kElement, integer) == kind_of(Type::double_));
    CHECK(arithmetic_kinds(Arithmetic::subtract, date, date) == days);
    CHECK(arithmetic_kinds(Arithmetic::add, months, date) == date);
    CHECK(arithmetic_kinds(Arithmetic::add, kind_of(Type::time), months) == kNothing);
    CHECK(arithmetic_kinds(Arithmetic::divide, days, days) == kind_of(Type::decimal));
    CHECK(arithmetic_kinds(Arithmetic::add, kind_of(Type::string), integer) == kNothing);
}

TEST_CASE("Sequences count their items as far as they are known") {
    const StaticType two = followed_by(one(kElement), one(kBooleans));
    CHECK(two.at_least_two);
    CHECK_FALSE(two.at_most_one);
    CHECK(two.kinds == (kElement | kBooleans));
    CHECK_FALSE(either(two, one(kElement)).at_least_two);
    CHECK(followed_by(StaticType{kNothing, true, false, false}, one(kElement)).exactly_one());
}

TEST_CASE("A type is matched surely, perhaps or never") {
    const StaticType integer = one(kind_of(Type::integer));
    CHECK(surely_matches(integer, type(Type::decimal, Occurrence::one)));
    CHECK_FALSE(surely_matches(one(kNumbers), type(Type::decimal, Occurrence::one)));
    CHECK(may_match(one(kNumbers), type(Type::decimal, Occurrence::one)));
    CHECK_FALSE(may_match(integer, type(Type::string, Occurrence::optional)));
    CHECK(may_match({kind_of(Type::integer), true, false, false}, type(Type::string, Occurrence::optional)));
    CHECK_FALSE(may_match(followed_by(integer, integer), type(Type::integer, Occurrence::optional)));
}

TEST_CASE("A problem is told from the types alone, and whether it is met always") {
    const auto always = value_comparison_problem(Comparison::gt, one(kElement), one(kIntegers));
    REQUIRE(always);
    CHECK(always->always);
    CHECK(always->hint.find("write >") != std::string::npos);
    const auto sometimes =
        value_comparison_problem(Comparison::gt, {kElement, false, false, false}, one(kIntegers));
    REQUIRE(sometimes);
    CHECK_FALSE(sometimes->always);
    CHECK_FALSE(general_comparison_problem(Comparison::gt, one(kElement), one(kIntegers)));
    CHECK_FALSE(conversion_problem(one(kElement), type(Type::integer, Occurrence::one), "it"));
    CHECK(conversion_problem(one(kElement), type(Type::qname, Occurrence::one), "it")->code ==
          Code::XPTY0117);
}

TEST_CASE("What makes no difference is a warning") {
    CHECK(warnings("if (true()) then 1 else 2") == "constant-condition@5 ");
    CHECK(warnings("for $x in //a where 1 return $x") == "constant-condition@21 ");
    CHECK(warnings("//a[b or 'x']") == "constant-condition@10 ");
    CHECK(warnings("//a and ''") == "never-true@9 ");
    CHECK(warnings("some $x in //a satisfies <b/>") == "constant-condition@26 ");
    CHECK(warnings("if (()) then 1 else 2") == "never-true@5 ");
    CHECK(warnings("for tumbling window $w in //a start when true() return $w").empty());
    CHECK(warnings("//a[b = ()]") == "never-true@7 ");
    CHECK(warnings("//a[b = xs:double('NaN')]") == "never-true@7 ");
    CHECK(warnings("//a[b != xs:double('NaN')]").empty());
    CHECK(warnings("count(//a) < 0") == "never-true@12 ");
    CHECK(warnings("0 <= count(//a)") == "constant-condition@3 ");
    CHECK(warnings("count(//a) ge 1.5 or count(//a) lt 1").empty());
    CHECK(warnings("count(//a) eq 1.5") == "never-true@12 ");
    CHECK(warnings("//a[position() = 0]") == "never-true@16 ");
    CHECK(warnings("//a[position() < 2]").empty());
}

TEST_CASE("A case that is never chosen is a warning") {
    CHECK(warnings("typeswitch (//a) case xs:string return 1 default return 2") == "unreachable-case@40 ");
    CHECK(warnings("typeswitch (//a) case node()* return 1 case element() return 2 default return 3") ==
          "unreachable-case@62 unreachable-case@79 ");
    CHECK(warnings("declare variable $x external; typeswitch ($x) case xs:decimal return 1 case xs:integer "
                   "return 2 default return 3") == "unreachable-case@95 ");
    CHECK(warnings("declare variable $x external; typeswitch ($x) case xs:integer return 1 case xs:decimal "
                   "return 2 default return 3")
              .empty());
    CHECK(warnings("declare variable $x external; switch ($x) case 'a' case 'b' return 1 case 'a' return 2 "
                   "default return 3") == "unreachable-case@75 ");
    CHECK(warnings("try { 1 } catch * { 2 } catch err:* { 3 }") == "unreachable-case@39 ");
    CHECK(warnings("try { 1 } catch err:* { 2 } catch * { 3 }").empty());
}

TEST_CASE("What may never be evaluated, or finds nothing ever, is a warning") {
    CHECK(warnings("//a[b gt 5]") == "XPTY0004@7 ");
    CHECK(warnings("//a[b > 5]").empty());
    CHECK(warnings("//@a/b") == "XPST0005@6 ");
    CHECK(warnings("for $x in //a where $x + 'b' return 1") == "XPTY0004@24 ");
    CHECK(warnings("if (//a) then upper-case(5) else 1") == "XPTY0004@26 ");
    CHECK(warnings("declare function local:f() as xs:integer { 'a' }; 1") == "XPTY0004@44 ");
    CHECK(warnings("try { 1 + 'a' } catch * { 2 }").empty());
    CHECK(warnings("//a[0]") == "XPST0005@5 ");
    CHECK(warnings("(1, 2)[1.5][0]") == "XPST0005@8 XPST0005@13 ");
    CHECK(warnings("//a[1][1.0][last()][. - 1]").empty());
}

}  // namespace clacks::xquery_static_type_tests
