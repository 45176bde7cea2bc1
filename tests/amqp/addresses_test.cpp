#include "common/amqp/addresses.hpp"

#include <catch2/catch.hpp>

using namespace clacks;
using amqp::AddressKind;

namespace {
const std::string kDomain = "org.clacks";
}

TEST_CASE("every form of the event address means the same") {
    for (const char* text :
         {"org.clacks.event", "org.clacks/event", "org.clacks", "/org.clacks.event", "//org.clacks",
          "amqps://host/org.clacks.event", "amqp://user:word@host:5671/org.clacks/event"}) {
        INFO(text);
        const auto address = amqp::parse_address(text, kDomain);
        REQUIRE(address);
        CHECK(address->kind == AddressKind::events);
        CHECK(address->name.empty());
    }
}

TEST_CASE("commands, clients and reply addresses are taken apart") {
    auto command = amqp::parse_address("org.clacks.command.core.node.with.dots", kDomain, {"core"});
    REQUIRE(command);
    CHECK(command->kind == AddressKind::command);
    CHECK(command->name == "core");
    CHECK(command->node == "node.with.dots");
    CHECK(amqp::parse_address("org.clacks.command.any", kDomain)->name == "any");
    CHECK(amqp::parse_address("org.clacks.client.u-1", kDomain)->kind == AddressKind::client);
    CHECK(amqp::parse_address("org.clacks.reply.u-1", kDomain)->kind == AddressKind::reply);
    CHECK(amqp::parse_address("amqp://h/org.clacks.client.u-1", kDomain)->name == "u-1");
}

TEST_CASE("what the makers of addresses give is read back") {
    CHECK(amqp::parse_address(amqp::event_address(kDomain), kDomain)->kind == AddressKind::events);
    const auto command = amqp::parse_address(amqp::command_address(kDomain, "core", "n"), kDomain);
    CHECK(command->name == "core");
    CHECK(command->node == "n");
    CHECK(amqp::parse_address(amqp::client_address(kDomain, "c"), kDomain)->name == "c");
    CHECK(amqp::parse_address(amqp::reply_address(kDomain, "r"), kDomain)->name == "r");
}

TEST_CASE("an unknown address is refused with the nearest known one") {
    const auto hint = [](const std::string& text) {
        const auto address = amqp::parse_address(text, kDomain, {"core", "asterisk"});
        REQUIRE_FALSE(address);
        CHECK(address.error().code == "address-unknown");
        return address.error().hint;
    };
    CHECK(hint("org.clacks.evnt") == "did you mean 'org.clacks.event'?");
    CHECK(hint("org.clacks.command.asterix") == "did you mean 'org.clacks.command.asterisk'?");
    CHECK(hint("org.clacks.command.croe.n1") == "did you mean 'org.clacks.command.core.n1'?");
    for (const char* text :
         {"", "/", "elsewhere.event", "amqp://host", "org.clacks.client.", "org.clacks.reply.",
          "org.clacks.command.", "org.clacks.command.core.", "org.clacksX", "org.clacks.events."})
        CHECK_FALSE(hint(text).empty());
    CHECK(hint(std::string(600, 'a')).find("512") != std::string::npos);
}

TEST_CASE("control characters of a refused address are not shown raw") {
    const auto address = amqp::parse_address("org\nclacks\x1b[2J", kDomain);
    REQUIRE_FALSE(address);
    CHECK(address.error().message.find('\n') == std::string::npos);
    CHECK(address.error().message.find('\x1b') == std::string::npos);
}
