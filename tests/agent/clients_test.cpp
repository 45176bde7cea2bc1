// The module `clients`, loaded from its file, in a real pipeline: the table, its commands, and what a client
// costs.
#include <malloc.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "agent/harness/module_harness.hpp"
#include "common/events/event_maker.hpp"
#include "tests/support/wait_for.hpp"

using namespace clacks;
using nlohmann::json;
using namespace std::chrono_literals;

namespace {

using Values = std::map<std::string, std::string>;

HarnessOptions here(std::size_t mailbox = 10'000) {
    HarnessOptions options;
    options.events = {CLACKS_SOURCE_DIR "/data/events"};
    options.mailbox = mailbox;
    return options;
}

// The agent without its bus, with the module.
struct Inside : ModuleHarness {
    explicit Inside(Values settings = {}, const HarnessOptions& options = here()) : ModuleHarness(options) {
        if (auto loaded = load(CLACKS_BINARY_DIR "/lib/modules/clients.so"); !loaded)
            throw std::runtime_error(to_string(loaded.error()));
        set("clients", std::move(settings));
        if (auto started = start(); !started) FAIL(to_string(started.error()));
    }

    void publish(const EventElement& element) {
        auto published = ModuleHarness::publish(EventMaker()("Event", element).str());
        if (!published) FAIL(to_string(published.error()));
    }
    // The answer comes from the module's thread, so it knows all that was published before.
    json call(const std::string& method, const json& parameters = json::array()) {
        const json answer = ModuleHarness::call(method, parameters);
        INFO(answer.dump());
        REQUIRE(answer["error"].is_null());
        return answer["result"];
    }
    json failure(const std::string& method, const json& parameters) {
        return ModuleHarness::call(method, parameters)["error"];
    }
    std::size_t polls() const { return sent("ClientPoll").size(); }
    bool logged(const std::string& text) const { return log().find(text) != std::string::npos; }
};

EventMaker e;

EventElement device(const std::string& name, const std::string& address) {
    return e("NetworkDevice", e("Name", name), e("IPAddress", address),
             e("IPv6Address", "fe80::1234:56ff:fe78:9abc"), e("MAC", "52:54:00:12:34:56"),
             e("Netmask", "255.255.255.0"), e("Broadcast", "192.0.2.255"));
}

EventElement announce(const std::string& id, const std::string& name) {
    return e("ClientAnnounce",
             e("NetworkInformation", device("lo", "127.0.0.1"), device("eth0", "192.0.2.7")), e("Id", id),
             e("Name", name));
}

EventElement signature(const std::string& id, const std::string& name, int methods = 1) {
    EventElement capabilities = e("ClientCapabilities");
    for (int i = 0; i < methods; ++i)
        capabilities.add(e("ClientMethod", e("Name", "method" + std::to_string(i)),
                           e("Path", "client.method"), e("Signature", "title,message"),
                           e("Documentation", "Does what it is told to do.")));
    return e("ClientSignature", e("Id", id), e("Name", name), capabilities);
}

EventElement ping(const std::string& id) {
    return e("ClientPing", e("Id", id));
}

EventElement session(const std::string& id, const std::vector<std::string>& users) {
    EventElement names = e("User");
    for (const auto& user : users) names.add(e("Name", user));
    return e("UserSession", e("Id", id), names);
}

}  // namespace

TEST_CASE("a client's announcement, methods and sessions are told by commands", "[clients]") {
    Inside agent;
    CHECK(agent.call("getClients") == json::object());
    agent.publish(announce("c1", "alpha"));
    agent.publish(signature("c1", "alpha"));
    agent.publish(session("c1", {"joe", "ann"}));
    agent.publish(announce("c2", "beta"));
    agent.publish(session("c2", {"joe"}));

    CHECK(agent.call("getClients")["c1"] ==
          json{{"name", "alpha"}, {"online", true}, {"received", 1'700'000'000.0}});
    CHECK(agent.call("getClientMethods", {"c1"}) == json{{"method0",
                                                          {{"path", "client.method"},
                                                           {"sig", {"title", "message"}},
                                                           {"doc", "Does what it is told to do."}}}});
    CHECK(agent.call("getClientMethods", {"c2"}) == json::object());
    const json network = agent.call("getClientNetInfo", {"c1"});
    CHECK(network.size() == 2);
    CHECK(network["eth0"] == json{{"IPAddress", "192.0.2.7"},
                                  {"IPv6Address", "fe80::1234:56ff:fe78:9abc"},
                                  {"MAC", "52:54:00:12:34:56"},
                                  {"Netmask", "255.255.255.0"},
                                  {"Broadcast", "192.0.2.255"}});
    CHECK(agent.call("getUserSessions", {"c1"}) == json{"joe", "ann"});
    CHECK(agent.call("getUserSessions") == json{"ann", "joe"});
    CHECK(agent.call("getUserClients", {"joe"}) == json{"c1", "c2"});
    CHECK(agent.call("getUserClients", {"ann"}) == json{"c1"});
    CHECK(agent.logged("client c1 (alpha) is online"));

    agent.publish(session("c1", {}));
    CHECK(agent.call("getUserSessions", {"c1"}) == json::array());
}

TEST_CASE("a client that is not known is named in the error", "[clients]") {
    Inside agent;
    for (const char* method : {"getClientMethods", "getClientNetInfo", "getUserSessions"}) {
        const json error = agent.failure(method, {"nobody"});
        INFO(method);
        CHECK(error["code"] == -32602);
        CHECK(error["message"].get<std::string>().find("'nobody'; getClients lists them") !=
              std::string::npos);
    }
}

TEST_CASE("a client is offline once it left or was silent, and nobody is logged on to it", "[clients]") {
    Inside agent(Values{{"client-timeout", "30 s"}});
    for (const std::string id : {"left", "silent", "alive"}) {
        agent.publish(announce(id, "host-" + id));
        agent.publish(session(id, {"joe"}));
    }
    agent.publish(e("ClientLeave", e("Id", "left")));
    CHECK(agent.call("getUserClients", {"joe"}) == json{"alive", "silent"});
    CHECK(agent.call("getClients")["left"]["online"] == false);
    CHECK(agent.logged("client left (host-left) left"));

    agent.advance(29s);
    agent.publish(ping("alive"));
    CHECK(agent.call("getClients")["silent"]["online"] == true);
    agent.advance(1s);
    CHECK(wait_for([&] { return agent.call("getClients")["silent"]["online"] == false; }));
    CHECK(agent.logged("client silent (host-silent) was silent for 30 s and is offline"));
    CHECK(agent.call("getClients")["alive"]["online"] == true);
    CHECK(agent.call("getUserClients", {"joe"}) == json{"alive"});

    agent.publish(ping("silent"));
    CHECK(agent.call("getClients")["silent"]["online"] == true);
    CHECK(agent.call("getClients")["silent"]["name"] == "host-silent");
}

TEST_CASE("an offline client is forgotten, and so is what only it could do", "[clients]") {
    Inside agent(Values{{"forget-after", "10 min"}});
    agent.publish(announce("c1", "alpha"));
    agent.publish(signature("c1", "alpha"));
    agent.publish(e("ClientLeave", e("Id", "c1")));
    agent.publish(announce("c2", "beta"));
    CHECK(agent.call("getClients").size() == 2);
    agent.advance(599s);
    agent.publish(ping("c2"));
    CHECK(agent.call("getClients").size() == 2);
    agent.advance(1s);
    CHECK(wait_for([&] { return agent.call("getClients").size() == 1; }));
    CHECK(agent.call("getClients").contains("c2"));
}

TEST_CASE("the table takes no more clients than it may, and says so once", "[clients]") {
    Inside agent(Values{{"max-clients", "2"}});
    for (const char* id : {"c1", "c2", "c3", "c4"}) agent.publish(announce(id, id));
    const json clients = agent.call("getClients");
    CHECK(clients.size() == 2);
    CHECK(clients.contains("c2"));
    CHECK(agent.logged("the table is full, client c3 and others are not taken; raise max-clients"));
    CHECK_FALSE(agent.logged("client c4"));
}

TEST_CASE("an event that is too long for the table is not kept", "[clients]") {
    Inside agent;
    agent.publish(announce("c1", "alpha"));
    agent.publish(signature("c1", "alpha", 400));
    CHECK(agent.call("getClientMethods", {"c1"}) == json::object());
    CHECK(agent.logged("the ClientSignature of client c1 is longer than 32 KiB"));
}

TEST_CASE("an agent that is alone asks the clients to announce themselves", "[clients]") {
    Inside agent;
    agent.publish(e("NodeAnnounce", e("Id", "here")));
    CHECK(agent.call("getClients").empty());
    agent.advance(1999ms);
    CHECK(agent.call("getClients").empty());
    CHECK(agent.polls() == 0);
    agent.advance(1ms);
    CHECK(wait_for([&] { return agent.polls() == 1; }));
    agent.advance(1h);
    CHECK(agent.call("getClients").empty());
    CHECK(agent.polls() == 1);
}

TEST_CASE("an agent that sees another one does not ask", "[clients]") {
    Inside agent;
    agent.publish(e("NodeAnnounce", e("Id", "there")));
    CHECK(agent.call("getClients").empty());
    agent.advance(2s);
    CHECK(wait_for([&] { return agent.logged("other agents are there"); }));
    CHECK(agent.polls() == 0);
}

TEST_CASE("bad settings are told with their keys", "[clients]") {
    ModuleHarness harness(here());
    REQUIRE(harness.load(CLACKS_BINARY_DIR "/lib/modules/clients.so").ok());
    harness.set("clients", {{"client-timeout", "soon"}, {"max-clients", "0"}});
    const auto configured = harness.configure();
    REQUIRE_FALSE(configured.ok());
    REQUIRE(configured.error().size() == 2);
    CHECK(configured.error()[0].path == "client-timeout");
    CHECK(configured.error()[1].path == "max-clients");
}

TEST_CASE("ten thousand clients cost less than 4 KiB each", "[clients]") {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    WARN("skipped: a sanitizer's memory is not the program's own");
#else
    constexpr std::size_t kClients = 10'000, kMost = 4096;
    Inside agent(Values{}, here(5 * kClients));
    agent.call("getClients");
    const auto before = mallinfo2().uordblks;
    for (std::size_t i = 0; i < kClients; ++i) {
        char id[40];
        std::snprintf(id, sizeof id, "3f2504e0-4f89-41d3-9a0c-%012zx", i);
        const std::string name = "client-" + std::to_string(i) + ".example.org";
        agent.publish(announce(id, name));
        agent.publish(signature(id, name, 10));
        agent.publish(session(id, {"user-" + std::to_string(i), "administrator"}));
        agent.publish(ping(id));
    }
    CHECK(agent.call("getUserClients", {"user-9999"}).size() == 1);
    // The harness's log counts, too: a line for each client.
    const auto each = (mallinfo2().uordblks - before) / kClients;
    WARN("memory per client: " << each << " bytes");
    CHECK(agent.call("getClients").size() == kClients);
    CHECK(each > 300);  // it is the clients that were measured
    CHECK(each < kMost);
#endif
}
