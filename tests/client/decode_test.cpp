#include "common/client/decode.hpp"

#include <catch2/catch.hpp>
#include <proton/binary.hpp>
#include <proton/map.hpp>
#include <proton/message_id.hpp>
#include <proton/symbol.hpp>
#include <proton/timestamp.hpp>
#include <proton/types.hpp>

using namespace clacks;
using namespace clacks::client;

namespace {

proton::message message_with(const std::string& text) {
    return proton::message(proton::binary(text.begin(), text.end()));
}

}  // namespace

TEST_CASE("an event keeps its bytes and what the agent says of it") {
    auto message = message_with("<Event>\r\n</Event>");
    message.id(std::string("5a"));
    message.user("admin");
    message.creation_time(proton::timestamp(1500));
    message.properties().put("event", "PhoneStatus");
    message.properties().put("node", "n1");
    message.properties().put("dropped", std::uint64_t{7});
    message.properties().put("floor", std::int32_t{3});
    message.properties().put("ratio", 0.5);
    message.properties().put("right", true);
    const auto event = decode_event(message);
    REQUIRE(event);
    CHECK(event->document == "<Event>\r\n</Event>");
    CHECK(event->id == "5a");
    CHECK(event->sender == "admin");
    CHECK(event->name == "PhoneStatus");
    CHECK(event->node == "n1");
    CHECK(event->dropped == 7);
    CHECK(event->time == WallTime(std::chrono::milliseconds(1500)));
    REQUIRE(event->properties.size() == 3);
    CHECK(std::get<std::int64_t>(event->properties[0].second) == 3);
    CHECK(std::get<double>(event->properties[1].second) == 0.5);
    CHECK(std::get<bool>(event->properties[2].second));
}

TEST_CASE("a reserved name of another type is the sender's own property") {
    auto message = message_with("<a/>");
    message.properties().put("dropped", std::string("many"));
    const auto event = decode_event(message);
    REQUIRE(event);
    CHECK(event->dropped == 0);
    CHECK(event->properties.size() == 1);
}

TEST_CASE("bodies that are no document are refused") {
    CHECK(body_of(proton::message(proton::value(std::string("<a/>")))).value() == "<a/>");
    const auto number = body_of(proton::message(proton::value(std::int32_t{5})));
    REQUIRE_FALSE(number);
    CHECK(number.error().code == "message-unreadable");
    CHECK_FALSE(decode_event(proton::message()));
}
