#include "agent/bus/descriptors.hpp"

#include <catch2/catch.hpp>

#include "common/base/line_limit.hpp"

using namespace clacks;

TEST_CASE("with files enough the options stand") {
    BusOptions options;
    options.listeners = {{}, {}};
    const auto budget = bus::share_descriptors(options, 100000);
    CHECK_FALSE(budget.reduced);
    CHECK(budget.connections == options.max_connections);
    CHECK(budget.backlog == options.backlog);
}

TEST_CASE("with few files the bus keeps clear of the limit") {
    BusOptions options;
    for (const std::size_t listeners : {1, 2, 5}) {
        options.listeners.assign(listeners, {});
        for (std::size_t limit = 64; limit < 9000; limit += 7) {
            const auto budget = bus::share_descriptors(options, limit);
            if (!budget.reduced) continue;
            INFO(listeners << " listeners, " << limit << " files");
            REQUIRE(budget.backlog >= 1);
            REQUIRE(budget.connections >= 1);
            REQUIRE(budget.connections + budget.told +
                        2 * listeners * static_cast<std::size_t>(budget.backlog) <
                    limit);
        }
    }
}

TEST_CASE("a line limit lets some lines through at once, then one a pause, and counts the others") {
    using std::chrono::milliseconds;
    LineLimit limit(2, milliseconds(500));
    const SteadyTime start{};
    CHECK(limit.admit(start) == "");
    CHECK(limit.admit(start) == "");
    CHECK_FALSE(limit.admit(start));
    CHECK_FALSE(limit.admit(start + milliseconds(499)));
    CHECK(limit.admit(start + milliseconds(500)) == " (2 more like it before)");
    CHECK_FALSE(limit.admit(start + milliseconds(500)));
    CHECK(limit.admit(start + milliseconds(9000)) == " (1 more like it before)");
    CHECK(limit.admit(start + milliseconds(9000)) == "");
    CHECK_FALSE(limit.admit(start + milliseconds(9000)));
}
