// Conditions made by hand, over documents.
#include <catch2/catch.hpp>

#include "common/xml/parser.hpp"
#include "common/xquery/analysis/holds.hpp"

namespace clacks::xquery_analysis_holds_tests {

using namespace xquery::analysis;

namespace {

using Axis = Step::Axis;

Step step(Axis axis, const char* local) {
    Step made;
    made.axis = axis;
    made.uri = "";
    if (*local != '*') made.local = local;
    return made;
}

std::shared_ptr<const xml::Tree> tree(std::string_view text) {
    auto parsed = xml::parse(text);
    REQUIRE(parsed.ok());
    return *parsed;
}

Test made(Test::Kind kind, Literal literal) {
    Test test;
    test.kind = kind;
    test.literal = std::move(literal);
    return test;
}

Test between(std::optional<Bound> low, std::optional<Bound> high) {
    Test test;
    test.kind = Test::Kind::within;
    test.low = std::move(low);
    test.high = std::move(high);
    return test;
}

}  // namespace

TEST_CASE("The nodes on a path are each found once, in document order") {
    const auto document = tree("<a><b><a><b x='1'/></a></b><c><b/></c></a>");
    CHECK(nodes_on({}, *document) == std::vector<xml::NodeIndex>{0});
    CHECK(nodes_on({step(Axis::descendant, "b")}, *document).size() == 3);
    CHECK(nodes_on({step(Axis::descendant, "a"), step(Axis::descendant, "b")}, *document).size() == 3);
    CHECK(nodes_on({step(Axis::descendant, "*"), step(Axis::child, "b")}, *document).size() == 3);
    CHECK(nodes_on({step(Axis::child, "a"), step(Axis::child, "c")}, *document).size() == 1);
    CHECK(nodes_on({step(Axis::descendant, "b"), step(Axis::attribute, "x")}, *document).size() == 1);
    CHECK(nodes_on({step(Axis::attribute, "x")}, *document).empty());
    CHECK(nodes_on({step(Axis::child, "b")}, *document).empty());
}

TEST_CASE("Names differ by their namespace, unless any will do") {
    const auto document = tree("<a xmlns='urn:x'/>");
    Step any = step(Axis::child, "a");
    CHECK(nodes_on({any}, *document).empty());
    any.uri.reset();
    CHECK(nodes_on({any}, *document).size() == 1);
    any.uri = "urn:x";
    CHECK(nodes_on({any}, *document).size() == 1);
}

TEST_CASE("A value is compared as the literal's type asks") {
    using Kind = Test::Kind;
    CHECK(passes(made(Kind::equal, 5.0), " 5.0\n"));
    CHECK_FALSE(passes(made(Kind::equal, std::string("5")), "5.0"));
    CHECK_FALSE(passes(made(Kind::equal, 5.0), "five"));
    CHECK_FALSE(passes(made(Kind::not_equal, 5.0), "five"));
    CHECK(passes(made(Kind::not_equal, 5.0), "NaN"));
    CHECK(passes(made(Kind::equal, true), "1"));
    CHECK_FALSE(passes(made(Kind::not_equal, true), "yes"));
    CHECK(passes(made(Kind::starts_with, std::string("ab")), "abc"));
    CHECK_FALSE(passes(made(Kind::starts_with, std::string("ab")), "a"));
}

TEST_CASE("A value is between bounds, themselves or not") {
    CHECK(passes(between(Bound{1.0, true}, Bound{5.0, false}), "1"));
    CHECK_FALSE(passes(between(Bound{1.0, true}, Bound{5.0, false}), "5"));
    CHECK_FALSE(passes(between(Bound{1.0, false}, std::nullopt), "1"));
    CHECK_FALSE(passes(between(Bound{1.0, false}, std::nullopt), "NaN"));
    CHECK(passes(between(Bound{1.0, false}, std::nullopt), "INF"));
    CHECK(passes(between(std::nullopt, Bound{std::string("b"), false}), "a"));
    CHECK(passes(between(std::nullopt, Bound{std::string("z"), true}), "é") == false);
}

}  // namespace clacks::xquery_analysis_holds_tests
