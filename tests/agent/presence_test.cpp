// When a client tells of itself, by a clock and a randomness of the test's.
#include "agent/client/presence.hpp"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>

#include "common/client/backoff.hpp"

using namespace std::chrono_literals;
using clacks::SteadyTime;
using clacks::machine::Presence;
using Due = Presence::Due;

namespace {

constexpr SteadyTime kStart(1'000'000s);

}  // namespace

TEST_CASE("a client announces itself when it is connected, then pings at the interval", "[client]") {
    Presence presence(10s, 30s, [] { return 0.5; });
    CHECK_FALSE(presence.next());
    CHECK(presence.take(kStart) == Due::nothing);
    presence.connected(kStart);
    CHECK(presence.next() == kStart);
    CHECK(presence.take(kStart) == Due::announcement);
    CHECK(presence.next() == kStart + 10s);
    CHECK(presence.take(kStart + 9s) == Due::nothing);
    CHECK(presence.take(kStart + 10s) == Due::ping);
    CHECK(presence.next() == kStart + 20s);
    presence.disconnected();
    CHECK_FALSE(presence.next());
    CHECK(presence.take(kStart + 20s) == Due::nothing);
}

TEST_CASE("a poll is answered after a random part of the window, once for several", "[client]") {
    double share = 0.25;
    Presence presence(1h, 40s, [&] { return share; });
    presence.connected(kStart);
    REQUIRE(presence.take(kStart) == Due::announcement);
    presence.polled(kStart);
    CHECK(presence.next() == kStart + 10s);
    share = 0.9;
    presence.polled(kStart + 5s);
    CHECK(presence.take(kStart + 9s) == Due::nothing);
    CHECK(presence.take(kStart + 10s) == Due::announcement);
    CHECK(presence.take(kStart + 3599s) == Due::nothing);
    presence.polled(kStart + 20s);
    CHECK(presence.next() == kStart + 56s);
    presence.disconnected();
    CHECK(presence.take(kStart + 56s) == Due::nothing);
}

TEST_CASE("the answers of ten thousand clients are spread over the window", "[client]") {
    constexpr std::size_t kClients = 10'000;
    std::array<std::size_t, 10> tenths{};
    const auto random = clacks::client::uniform_random();
    for (std::size_t i = 0; i < kClients; ++i) {
        Presence presence(1h, 30s, random);
        presence.connected(kStart);
        presence.take(kStart);
        presence.polled(kStart);
        const auto delay = *presence.next() - kStart;
        REQUIRE(delay >= 0s);
        REQUIRE(delay < 30s);
        ++tenths.at(static_cast<std::size_t>(delay / 3s));
    }
    // A fair share is 1000; 8 standard deviations (240) off do not happen.
    CHECK(*std::min_element(tenths.begin(), tenths.end()) > 760);
    CHECK(*std::max_element(tenths.begin(), tenths.end()) < 1240);
}
