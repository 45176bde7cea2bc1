#include "common/matching/index.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "common/xml/parser.hpp"
#include "tests/matching/random_check.hpp"

using namespace clacks;
using namespace clacks::matching;
using namespace clacks::xquery::analysis;

namespace {

Condition equal(const std::string& name, const std::string& text) {
    Condition condition;
    condition.kind = Condition::Kind::test;
    condition.test.kind = Test::Kind::equal;
    condition.test.path = {{Step::Axis::descendant, "", name, {}}};
    condition.test.literal = text;
    return condition;
}

Condition group(Condition::Kind kind, std::vector<Condition> parts) {
    Condition condition;
    condition.kind = kind;
    condition.parts = std::move(parts);
    return condition;
}

events::Event event(const std::string& name, const std::string& xml) {
    return {name, xml, xml::parse(xml).value()};
}

// How many filters are met by the event.
std::size_t met(const Index& index, const events::Event& event) {
    Scratch scratch;
    std::vector<Candidate> out;
    index.candidates(event, scratch, out);
    return scratch.met();
}

std::vector<Candidate> candidates(const Index& index, const events::Event& event) {
    Scratch scratch;
    std::vector<Candidate> out;
    index.candidates(event, scratch, out);
    return out;
}

}  // namespace

TEST_CASE("the index says of random filters what one-by-one evaluation says") {
    for (std::uint32_t seed = 0; seed < 60; ++seed) {
        std::mt19937 random(seed);
        test::Choices choices([&random] { return static_cast<std::uint32_t>(random()); });
        INFO("seed " << seed);
        const std::string difference = test::check_index(choices, 400);
        INFO(difference);
        REQUIRE(difference.empty());
    }
}

TEST_CASE("a filter is a candidate of its event types only") {
    Index index;
    const std::vector<std::string> phone = {"PhoneStatus"};
    const FilterId one = index.insert(phone, equal("Status", "busy"), true);
    const FilterId all = index.insert({}, equal("Status", "busy"), false);
    const auto found = candidates(index, event("PhoneStatus", "<Event><Status>busy</Status></Event>"));
    REQUIRE(found.size() == 2);
    for (const Candidate& candidate : found) CHECK(candidate.decided == (candidate.filter == one));
    const auto other = candidates(index, event("NodeStatus", "<Event><Status>busy</Status></Event>"));
    REQUIRE(other.size() == 1);
    CHECK(other.front().filter == all);
    CHECK(candidates(index, event("PhoneStatus", "<Event><Status>free</Status></Event>")).empty());
}

TEST_CASE("a removed filter is no candidate, and its number is used again") {
    Index index;
    const FilterId first = index.insert({}, equal("a", "1"), true);
    index.remove(first);
    CHECK(index.size() == 0);
    CHECK(candidates(index, event("A", "<a>1</a>")).empty());
    CHECK(index.insert({}, equal("a", "2"), true) == first);
    CHECK(candidates(index, event("A", "<a>1</a>")).empty());
    CHECK(candidates(index, event("A", "<a>2</a>")).size() == 1);
}

TEST_CASE("many filters come and go, and each event finds its own") {
    constexpr int kMany = 5000;
    Index index;
    std::vector<FilterId> ids;
    for (int i = 0; i < kMany; ++i) {
        const Condition conditions[] = {
            equal("a", std::to_string(i)),
            group(Condition::Kind::all_of, {equal("b", "same"), equal("a", std::to_string(i))}),
            group(Condition::Kind::any_of, {equal("b", std::to_string(i)), equal("a", std::to_string(i))})};
        for (const Condition& condition : conditions) ids.push_back(index.insert({}, condition, true));
    }
    const auto both = event("A", "<x><a>77</a><b>same</b></x>");
    CHECK(candidates(index, both).size() == 3);
    for (std::size_t i = 0; i < ids.size(); ++i)
        if (i % 3 == 0) index.remove(ids[i]);
    CHECK(candidates(index, both).size() == 2);
    CHECK(candidates(index, event("A", "<x><a>78</a><b>other</b></x>")).size() == 1);
    for (std::size_t i = 0; i < ids.size(); ++i)
        if (i % 3 != 0) index.remove(ids[i]);
    CHECK(index.size() == 0);
    CHECK(candidates(index, both).empty());
}

TEST_CASE("a conjunction is met by its rarest part, alternatives by each of theirs") {
    Index index;
    for (int i = 0; i < 1000; ++i) {
        const Condition own = equal("a", std::to_string(i));
        index.insert({}, group(Condition::Kind::all_of, {equal("b", "same"), own}), true);
        index.insert({}, group(Condition::Kind::all_of, {equal("c", std::to_string(i)), equal("b", "same")}),
                     true);
        index.insert({}, group(Condition::Kind::any_of, {equal("d", std::to_string(i)), own}), true);
    }
    CHECK(met(index, event("A", "<x><b>same</b></x>")) <= 2);
    CHECK(met(index, event("A", "<x><b>same</b><a>7</a></x>")) <= 4);
    CHECK(met(index, event("A", "<x><d>7</d></x>")) == 1);
    CHECK(met(index, event("A", "<x><d>7</d><a>7</a></x>")) == 2);
}

TEST_CASE("what says of no value what must be is met by every event of its types, what never holds by none") {
    Index index;
    Condition always, never;
    never.kind = Condition::Kind::never;
    const std::vector<std::string> types = {"A"};
    index.insert(types, group(Condition::Kind::none_of, {equal("a", "1")}), true);
    index.insert(types, always, false);
    index.insert(types, never, true);
    CHECK(met(index, event("A", "<a>1</a>")) == 2);
    CHECK(candidates(index, event("A", "<a>1</a>")).size() == 1);
    CHECK(candidates(index, event("A", "<a>2</a>")).size() == 2);
    CHECK(met(index, event("B", "<a>2</a>")) == 0);
}
