// What one user may take: the rate of events and the number of subscriptions.
#include <catch2/catch.hpp>

#include "agent/core/event_rate.hpp"
#include "agent/core/subscription_quota.hpp"
#include "agent/harness/manual_clock.hpp"

using namespace clacks;
using namespace std::chrono_literals;

TEST_CASE("a user may send one second's worth at once, and then at the rate") {
    ManualClock clock;
    EventRate rate(10, clock);
    for (int i = 0; i < 10; ++i) CHECK(rate.admit("alice"));
    CHECK_FALSE(rate.admit("alice"));
    CHECK(rate.admit("bob"));
    clock.advance(100ms);
    CHECK(rate.admit("alice"));
    CHECK_FALSE(rate.admit("alice"));
    clock.advance(1h);
    for (int i = 0; i < 10; ++i) CHECK(rate.admit("alice"));
    CHECK_FALSE(rate.admit("alice"));
}

TEST_CASE("a rate of 0 is no limit") {
    ManualClock clock;
    EventRate rate(0, clock);
    for (int i = 0; i < 1000; ++i) REQUIRE(rate.admit("alice"));
}

TEST_CASE("a user who has used up his events stays limited however many others come") {
    ManualClock clock;
    EventRate rate(1, clock);
    REQUIRE(rate.admit("alice"));
    for (int i = 0; i < 1000; ++i) REQUIRE(rate.admit("user" + std::to_string(i)));
    CHECK_FALSE(rate.admit("alice"));
}

namespace {

struct Nothing final : Subscription {
    std::uint64_t id() const override { return 1; }
};

// Refuses the filter "bad", as the pipeline does.
struct Table final : Subscriptions {
    Result<std::unique_ptr<Subscription>, Diagnostics> subscribe(SubscriptionRequest request) override {
        if (request.filter == "bad") return Diagnostics{Diagnostic{}};
        return std::unique_ptr<Subscription>(std::make_unique<Nothing>());
    }
    std::vector<SubscriptionInfo> list() const override { return {}; }
    DeliveryCounts totals() const override { return {}; }
};

}  // namespace

TEST_CASE("subscriptions are counted by user and in all, until they end") {
    Table table;
    Counters counters;
    SubscriptionQuota quota(table, {2, 3}, counters);
    const auto subscribe = [&](const std::string& user, const std::string& filter = "") {
        return quota.subscribe({user, "link", filter, nullptr});
    };
    auto first = subscribe("alice");
    auto second = subscribe("alice");
    REQUIRE((first && second));
    const auto third = subscribe("alice");
    REQUIRE_FALSE(third);
    CHECK(third.error().front().code == "subscription-limit");
    CHECK(third.error().front().hint.find("subscriptions-per-user") != std::string::npos);
    const auto of_bob = subscribe("bob");
    REQUIRE(of_bob);
    const auto beyond_all = subscribe("carol");
    REQUIRE_FALSE(beyond_all);
    CHECK(beyond_all.error().front().message.find("all 3") != std::string::npos);
    CHECK(counters.subscriptions_refused == 2);
    first->reset();
    CHECK(subscribe("alice"));  // ended at once
    CHECK(subscribe("alice"));
}

TEST_CASE("a filter that is refused takes no place") {
    Table table;
    Counters counters;
    SubscriptionQuota quota(table, {1, 1}, counters);
    REQUIRE_FALSE(quota.subscribe({"alice", "link", "bad", nullptr}));
    CHECK(quota.subscribe({"alice", "link", "", nullptr}));
}
