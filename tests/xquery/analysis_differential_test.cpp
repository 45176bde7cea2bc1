// What is said of random filters beside what they are for random documents.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <map>

#include "common/xml/parser.hpp"
#include "common/xquery/analysis/conditions.hpp"
#include "common/xquery/analysis/holds.hpp"
#include "common/xquery/xquery.hpp"
#include "tests/xquery/filter_generator.hpp"

namespace clacks::xquery_analysis_differential_tests {

using namespace xquery;
using namespace xquery::analysis;

namespace {

bool is_text(const Literal& literal) {
    return std::holds_alternative<std::string>(literal);
}

// Whether the text is of the literal's type: as a number it is below, above or equal to 0, or NaN.
bool has_type(const Test& test, std::string_view text) {
    const Literal& like = test.kind != Test::Kind::within ? test.literal
                          : test.low                      ? test.low->value
                                                          : test.high->value;
    if (test.kind == Test::Kind::exists || is_text(like)) return true;
    Test equal = test, different = test;
    equal.kind = Test::Kind::equal;
    different.kind = Test::Kind::not_equal;
    equal.literal = different.literal = like;
    return passes(equal, text) || passes(different, text);
}

bool is_single(const Condition& condition, const xml::Tree& tree) {
    for (const Condition& part : condition.parts) {
        if (!is_single(part, tree)) return false;
    }
    if (condition.kind != Condition::Kind::test) return true;
    const auto nodes = nodes_on(condition.test.path, tree);
    return nodes.empty() || (nodes.size() == 1 && has_type(condition.test, tree.string_value(nodes.front())));
}

std::size_t from_environment(const char* name, std::size_t otherwise) {
    const char* value = std::getenv(name);
    return value == nullptr ? otherwise : std::strtoul(value, nullptr, 10);
}

struct Tally {
    std::size_t exact = 0, if_single = 0, necessary = 0, ruled_out = 0, asked = 0;
};

void check(const std::string& filter, const Query& query, const Condition& condition, const xml::Tree& tree,
           Tally& tally) {
    DynamicContext context;
    context.set_context_item(tree);
    const auto verdict = query.matches(context);
    const bool matched = verdict.ok() && verdict.value();
    const bool held = holds(condition, tree);
    ++tally.asked;
    if (!held) ++tally.ruled_out;
    INFO(filter);
    INFO(to_string(condition));
    INFO((verdict.ok() ? std::string(matched ? "true" : "false") : to_string(verdict.error())));
    if (matched && !held) FAIL("a match is ruled out");
    const bool tells = condition.exactness == Exactness::exact ||
                       (condition.exactness == Exactness::exact_if_single && is_single(condition, tree));
    if (tells && !verdict.ok()) FAIL("it fails though it is said not to");
    if (tells && matched != held) FAIL("it is said to be exact and is not");
}

}  // namespace

TEST_CASE("A filter is true only where its condition holds, and where it is exact nowhere else") {
    const std::size_t count = from_environment("CLACKS_DIFFERENTIAL_COUNT", 6000);
    const std::size_t seed = from_environment("CLACKS_DIFFERENTIAL_SEED", 1);
    Tally tally;
    for (std::size_t i = 0; i < count; ++i) {
        xquery_tests::FilterGenerator generator(static_cast<unsigned>(seed * 1'000'000 + i));
        const std::string filter = generator.filter();
        const auto query = Query::compile(filter);
        const auto condition = condition_of(filter);
        if (!query.ok()) continue;  // comparisons that can only fail
        REQUIRE(condition.ok());
        switch (condition->exactness) {
            case Exactness::exact:
                ++tally.exact;
                break;
            case Exactness::exact_if_single:
                ++tally.if_single;
                break;
            case Exactness::necessary:
                ++tally.necessary;
                break;
        }
        for (int documents = 0; documents < 12; ++documents) {
            const std::string text = generator.document();
            INFO(text);
            const auto tree = xml::parse(text);
            REQUIRE(tree.ok());
            check(filter, *query, *condition, **tree, tally);
        }
    }
    INFO(tally.exact << " exact, " << tally.if_single << " if single, " << tally.necessary << " necessary, "
                     << tally.ruled_out << " of " << tally.asked << " ruled out");
    // Said of enough of them for the test to mean something.
    CHECK(tally.exact > count / 20);
    CHECK(tally.if_single > count / 20);
    CHECK(tally.ruled_out > tally.asked / 5);
}

}  // namespace clacks::xquery_analysis_differential_tests
