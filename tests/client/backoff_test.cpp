#include "common/client/backoff.hpp"

#include <catch2/catch.hpp>

using namespace clacks::client;
using std::chrono::milliseconds;

TEST_CASE("the cap doubles up to the limit, and the pause is a share of it") {
    Backoff backoff([] { return 0.5; }, milliseconds(100), milliseconds(350));
    CHECK(backoff.next() == milliseconds(50));
    CHECK(backoff.next() == milliseconds(100));
    CHECK(backoff.next() == milliseconds(175));
    CHECK(backoff.next() == milliseconds(175));
    backoff.reset();
    CHECK(backoff.next() == milliseconds(50));
}

TEST_CASE("a pause may be nothing and stays below the cap") {
    Backoff backoff(uniform_random(), milliseconds(100), milliseconds(100));
    bool differ = false;
    const auto first = backoff.next();
    for (int i = 0; i < 100; ++i) {
        const auto pause = backoff.next();
        REQUIRE(pause >= milliseconds(0));
        REQUIRE(pause < milliseconds(100));
        differ = differ || pause != first;
    }
    CHECK(differ);
}
