// Times as Puppet writes them.
#include <catch2/catch.hpp>

#include "agent/modules/puppet/report.hpp"

using clacks::puppet::seconds_of;

TEST_CASE("times of a report are read with their zone", "[puppet]") {
    CHECK(seconds_of("1970-01-01T00:00:01.5+00:00") == 1.5);
    CHECK(seconds_of("2026-11-26T10:49:17.5+01:00") == 1795686557.5);
    CHECK(seconds_of("2026-11-26T10:49:17.5-01:30") == 1795695557.5);
    CHECK(seconds_of("2026-11-26 10:49:17 Z") == 1795690157);
    CHECK(seconds_of("2026-11-26T10:49:17Z") == 1795690157);
    CHECK(seconds_of("2026-11-26 10:49:17.000 UTC") == 1795690157);
}

TEST_CASE("what is no time is told from one", "[puppet]") {
    for (const char* text :
         {"", "2026", "2026-11-26", "2026-13-26T10:49:17Z", "2026-02-30T10:49:17Z", "2026-11-26T24:49:17Z",
          "2026-11-26T10:60:17Z", "2026-11-26T10:49:61Z", "2026-11-26T10:49:17", "2026-11-26T10:49:17.",
          "2026-11-26T10:49:17.5", "2026-11-26T10:49:17+1:00", "2026-11-26T10:49:17+01:0x",
          "2026-11-26T10:49:17Zx", "+026-11-26T10:49:17Z", "2026-11-26T10:49:17+01:00 "})
        CHECK_FALSE(seconds_of(text));
}
