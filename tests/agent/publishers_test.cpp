// The account of publishers: it adds up, and has a bound.
#include <catch2/catch.hpp>

#include "agent/telemetry/publishers.hpp"

using clacks::Publishers;

TEST_CASE("what each has sent was accepted or rejected") {
    Publishers publishers;
    publishers.count("alice", Publishers::Outcome::accepted);
    publishers.count("alice", Publishers::Outcome::rejected);
    publishers.count("module node", Publishers::Outcome::accepted);
    const auto list = publishers.list();
    REQUIRE(list.size() == 2);
    CHECK(list.at("alice").sent == 2);
    CHECK(list.at("alice").accepted == 1);
    CHECK(list.at("alice").rejected == 1);
    CHECK(list.at("module node").sent == 1);
    CHECK(publishers.total().sent == 3);
    CHECK(publishers.total().accepted == 2);
    CHECK(publishers.total().rejected == 1);
}

TEST_CASE("names beyond the bound are counted together") {
    Publishers publishers(2);
    for (const char* name : {"a", "b", "c", "d", "a"}) publishers.count(name, Publishers::Outcome::accepted);
    const auto list = publishers.list();
    REQUIRE(list.size() == 3);
    CHECK(list.at("a").sent == 2);
    CHECK(list.at("b").sent == 1);
    CHECK(list.at(Publishers::kOthers).sent == 2);
    CHECK(publishers.total().sent == 5);
}
