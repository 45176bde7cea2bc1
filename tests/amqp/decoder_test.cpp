#include "agent/bus/decoder.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "agent/bus/encoder.hpp"
#include "common/amqp/wire.hpp"

using namespace clacks;

namespace {

EventMessage event_message() {
    auto event = std::make_shared<events::Event>();
    event->name = "PhoneStatus";
    event->bytes = "<Event/>";
    EventMessage message;
    message.event = event;
    message.message_id = "m-1";
    message.user_id = "admin";
    message.node = "n-1";
    message.application_properties = {{"k", std::int64_t{7}}, {"node", std::string("forged")}};
    return message;
}

// As a subscriber gets it.
std::string encode_event(std::uint64_t dropped = 0) {
    const std::string encoded = bus::encode(event_message());
    return dropped == 0 ? encoded : bus::with_dropped(encoded, dropped);
}

const PropertyValue* find(const Properties& properties, const std::string& name) {
    for (const auto& [key, value] : properties)
        if (key == name) return &value;
    return nullptr;
}

}  // namespace

TEST_CASE("an encoded event is decoded again, its own names not overwritten") {
    const auto message = bus::decode(encode_event(3));
    REQUIRE(message);
    CHECK(message->body == "<Event/>");
    CHECK(message->user_id == "admin");
    CHECK(*find(message->properties, "subject") == PropertyValue(std::string("event")));
    CHECK(*find(message->properties, "content-type") == PropertyValue(std::string("application/xml")));
    CHECK(*find(message->application_properties, "k") == PropertyValue(std::int64_t{7}));
    CHECK(*find(message->application_properties, "dropped") == PropertyValue(std::int64_t{3}));
    CHECK(message->application_properties.size() == 4);
    CHECK(*find(message->application_properties, "node") == PropertyValue(std::string("n-1")));
    const auto without = bus::decode(encode_event());
    CHECK(find(without->application_properties, "dropped") == nullptr);
}

TEST_CASE("a request keeps its correlation-id's type and names its user") {
    std::string id;
    amqp::Writer(id).ulong(7);
    const auto message = bus::decode(bus::encode_request({"to", "back", id, "admin", "{}"}));
    REQUIRE(message);
    CHECK(message->to == "to");
    CHECK(message->reply_to == "back");
    CHECK(message->correlation_id == id);
    CHECK(message->user_id == "admin");
    const auto reply = bus::decode(bus::encode_reply("to", "", "{}"));
    REQUIRE(reply);
    CHECK_FALSE(reply->user_id);
    CHECK(reply->reply_to.empty());
}

TEST_CASE("damaged messages are decoded or refused with a reason") {
    const std::string sound = encode_event(3);
    std::mt19937 chance(9);
    int refused = 0;
    for (int round = 0; round < 50000; ++round) {
        std::string damaged = sound;
        for (unsigned left = 1 + chance() % 4; left > 0; --left)
            damaged[chance() % damaged.size()] = static_cast<char>(chance());
        if (chance() % 4 == 0) damaged.resize(chance() % damaged.size());
        const auto message = bus::decode(damaged);
        if (message) continue;
        ++refused;
        REQUIRE(message.error().condition.starts_with("amqp:"));
        REQUIRE_FALSE(message.error().description.empty());
    }
    CHECK(refused > 1000);
}
