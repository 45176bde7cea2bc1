#include "common/events/event_maker.hpp"

#include <catch2/catch.hpp>
#include <limits>

#include "common/events/catalogue.hpp"

using clacks::EventMaker;

TEST_CASE("an event is made from its elements", "[events]") {
    EventMaker e;
    CHECK(e("Event", e("PhoneStatus", e("CallerId", "012345"), e("Status", "busy"))).str() ==
          "<Event xmlns=\"http://www.gonicus.de/Events\"><PhoneStatus><CallerId>012345</CallerId>"
          "<Status>busy</Status></PhoneStatus></Event>");
    CHECK(e("Event", e("ClientPoll")).str() ==
          "<Event xmlns=\"http://www.gonicus.de/Events\"><ClientPoll/></Event>");
}

TEST_CASE("text is escaped", "[events]") {
    EventMaker e;
    CHECK(e("a", "<&>\"'").str().find("&lt;&amp;&gt;") != std::string::npos);
}

TEST_CASE("numbers and booleans are written as XML Schema reads them", "[events]") {
    EventMaker e;
    const auto content = [&](auto value) {
        const std::string text = e("a", value).str();
        const auto start = text.find('>') + 1;
        return text.substr(start, text.find("</a>") - start);
    };
    CHECK(content(true) == "true");
    CHECK(content(-7) == "-7");
    CHECK(content(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615");
    CHECK(content(0.25) == "0.25");
    CHECK(content(std::numeric_limits<double>::infinity()) == "INF");
    CHECK(content(-std::numeric_limits<double>::infinity()) == "-INF");
    CHECK(content(std::numeric_limits<double>::quiet_NaN()) == "NaN");
}

TEST_CASE("what it makes is valid", "[events]") {
    auto catalogue = clacks::events::Catalogue::load({CLACKS_SOURCE_DIR "/data/events"});
    REQUIRE(catalogue.ok());
    EventMaker e;
    const auto event = (*catalogue)
                           ->parse(e("Event", e("NodeStatus", e("Id", "a & b"), e("Load", 0.1),
                                                e("Latency", 1e-9), e("Workers", 4), e("Indexed", true)))
                                       .str());
    if (!event) FAIL(to_string(event.error()));
    CHECK((*event)->name == "NodeStatus");
}
