#include "common/base/url.hpp"

#include <catch2/catch.hpp>

using namespace clacks;

TEST_CASE("a URL is taken apart and never shows its password") {
    auto url = parse_url("amqps://ad%40min:se%3Acret@localhost/org.clacks");
    REQUIRE(url);
    CHECK(url->user == "ad@min");
    CHECK(url->password == "se:cret");
    CHECK(url->port == 5671);
    CHECK(url->path == "org.clacks");
    CHECK(url->shown() == "amqps://ad@min@localhost:5671/org.clacks");
    CHECK(url->loopback());
}

TEST_CASE("ports and IPv6") {
    CHECK(parse_url("amqp://h")->port == 5672);
    CHECK(parse_url("amqp://h:0")->port == 0);
    CHECK(parse_url("amqp://[::1]:99")->host == "::1");
    CHECK(parse_url("amqp://[::1]:99")->shown() == "amqp://[::1]:99");
}

TEST_CASE("bad URLs say what is wrong") {
    for (const char* text : {"", "http://x", "amqp://", "amqp://h:70000", "amqp://h:x", "amqp://[::1",
                             "amqp://u%zz@h", "amqp://u%4@h"}) {
        CAPTURE(text);
        auto url = parse_url(text);
        REQUIRE_FALSE(url);
        CHECK_FALSE(url.error().hint.empty());
    }
}
