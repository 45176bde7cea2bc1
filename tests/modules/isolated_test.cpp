// Modules in processes of their own: they do what they do in the agent, and what goes wrong stays there.
#include <signal.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <thread>

#include "agent/harness/module_harness.hpp"
#include "agent/modules/isolated_module.hpp"
#include "common/events/event_maker.hpp"
#include "common/rpc/error_codes.hpp"
#include "tests/support/wait_for.hpp"

using namespace clacks;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

using Settings = std::map<std::string, std::string>;

HarnessOptions here() {
    HarnessOptions options;
    options.events = {CLACKS_SOURCE_DIR "/data/events"};
    return options;
}

Result<std::unique_ptr<IsolatedModule>, Diagnostics> make(const std::string& file) {
    return IsolatedModule::make(CLACKS_BINARY_DIR "/" + file, {});
}

std::string phone(const std::string& status) {
    EventMaker e;
    return e("Event", e("PhoneStatus", e("CallerId", "1"), e("ReceiverId", "2"), e("Status", status))).str();
}

// The module of the tests, running in a process of its own.
struct Isolated : ModuleHarness {
    explicit Isolated(const Settings& settings = {}) : ModuleHarness(here()) {
        auto made = make("tests/modules/faulty.so");
        if (!made) FAIL(to_string(made.error()));
        module = made->get();
        REQUIRE(add(std::move(*made)).ok());
        set("faulty", settings);
    }
    void begin() {
        auto started = start();
        if (!started) FAIL(to_string(started.error()));
    }
    json seen() { return call("getSeen")["result"]; }
    bool logged(const std::string& text) const { return log().find(text) != std::string::npos; }
    // Waits for the pause to be over and the module to be back.
    bool back(std::chrono::milliseconds pause) {
        advance(pause);
        return wait_for([&] { return !seen().is_null(); });
    }
    void send(const std::string& status) { REQUIRE(publish(phone(status)).ok()); }

    IsolatedModule* module = nullptr;
};

}  // namespace

TEST_CASE("a module in its own process does what it does in the agent", "[isolated]") {
    Isolated agent(Settings{{"expression", "e:Event/e:PhoneStatus/e:Status ! upper-case(.)"}});
    agent.begin();
    agent.send("busy");
    REQUIRE(wait_for([&] { return agent.seen()["seen"] == 1; }));
    const json seen = agent.seen();
    CHECK(seen["text"] == "BUSY");
    CHECK(seen["process"] == agent.module->process());
    CHECK(seen["process"] != ::getpid());
    CHECK(seen["user"] == "tester");
    CHECK(seen["commands"] == 3);
    CHECK(wait_for([&] { return agent.seen()["ticks"] > 0; }));

    const json thrown = agent.call("goWrong", {"throw"});
    CHECK(thrown["error"]["message"] == "the command 'goWrong' failed: as it was told to");
    CHECK(wait_for([&] { return agent.failures() == 1; }));
    CHECK(agent.logged("module faulty: the command 'goWrong' failed: as it was told to"));
    CHECK(agent.call("goWrong")["error"]["code"] == rpc::kInvalidParameters);

    const json sent = agent.call("goWrong", {"send"});
    CHECK(agent.sent("ClientPoll").size() == 1);
    CHECK(sent["error"]["message"].get<std::string>().find("'nonsense'") != std::string::npos);

    agent.stop();
    CHECK(agent.logged("module faulty: goodbye"));
    CHECK_FALSE(agent.logged("did not stop"));
    CHECK(agent.module->process() == 0);
}

TEST_CASE("settings of a module in its own process are checked by the module", "[isolated]") {
    Isolated agent(Settings{{"expression", "1 +"}, {"wacthdog", "5 s"}});
    auto refused = agent.configure();
    REQUIRE_FALSE(refused.ok());
    CHECK(to_string(refused.error()).find("did you mean 'watchdog'?") != std::string::npos);
    agent.set("faulty", {{"expression", "1 +"}});
    refused = agent.configure();
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().front().code == "XPST0003");
    CHECK(refused.error().front().path == "expression");
    agent.set("faulty", {{"watchdog", "1 ms"}});
    refused = agent.configure();
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().front().path == "watchdog");
    agent.set("faulty", {{"watchdog", "5 s"}});
    CHECK(agent.configure().ok());
}

TEST_CASE("a module that crashes is told, taken away and started again", "[isolated]") {
    Isolated agent;
    agent.begin();
    agent.send("busy");
    REQUIRE(wait_for([&] { return agent.seen()["seen"] == 1; }));
    REQUIRE(agent.subscriptions().size() == 1);

    const json crashed = agent.call("goWrong", {"crash"});
    CHECK(crashed["error"]["code"] == rpc::kModuleAway);
    const std::string why = crashed["error"]["message"];
    CHECK(why.find("was ended by SIGSEGV; it is started again in 1 s") != std::string::npos);
    CHECK(agent.logged("was ended by SIGSEGV; it is started again in 1 s"));
    CHECK(agent.subscriptions().empty());
    CHECK(agent.module->process() == 0);
    CHECK(agent.call("getSeen")["error"]["message"] == why);
    CHECK(agent.publish(phone("lost")).value().matched == 0);

    REQUIRE(agent.back(1s));
    CHECK(agent.subscriptions().size() == 1);
    CHECK(agent.seen()["seen"] == 0);
    agent.send("busy");
    CHECK(wait_for([&] { return agent.seen()["seen"] == 1; }));

    // By an event, and the pause is longer.
    agent.send("exit");
    REQUIRE(wait_for([&] { return agent.logged("exited with status 7; it is started again in 2 s"); }));
    agent.advance(1s);
    CHECK(agent.seen().is_null());
    REQUIRE(agent.back(1s));
    // After a good minute it is forgotten.
    agent.advance(61s);
    REQUIRE(agent.back(0s));
    CHECK(agent.call("goWrong", {"crash"})["error"]["message"].get<std::string>().ends_with("again in 1 s"));
}

TEST_CASE("a module that hangs is killed by its watchdog", "[isolated]") {
    Isolated agent(Settings{{"watchdog", "3 s"}});
    agent.begin();
    const pid_t process = agent.module->process();
    std::thread caller([&] { agent.send("hang"); });
    caller.join();
    // The first ping goes out, and is not answered in time.
    REQUIRE(wait_for([&] {
        agent.advance(1s);
        return agent.logged("was killed: it has not answered for 3 s; it is started again in");
    }));
    CHECK(::kill(process, 0) == -1);
    REQUIRE(agent.back(1s));
    CHECK(agent.module->process() != process);
}

TEST_CASE("events that are lost with a module's process count as dropped", "[isolated]") {
    Isolated agent(Settings{{"watchdog", "3 s"}});
    agent.begin();
    agent.send("busy");
    REQUIRE(wait_for([&] { return agent.subscriptions().front().counts.delivered == 1; }));
    agent.send("hang");
    for (int i = 0; i < 100; ++i)
        agent.send("busy");  // some on their way to the process, some in the mailbox
    const DeliveryCounts waiting = agent.subscriptions().front().counts;
    CHECK(waiting.delivered == 1);
    CHECK(waiting.queued == 101);
    REQUIRE(wait_for([&] {
        agent.advance(1s);
        return agent.logged("it is started again in");
    }));
    CHECK(agent.dropped() == 101);
}

TEST_CASE("a module that floods keeps to bounds", "[isolated]") {
    Isolated agent;
    agent.begin();
    CHECK(agent.call("goWrong", {"flood"})["result"] == true);
    const std::string log = agent.log();
    CHECK(std::count(log.begin(), log.end(), '\n') < 250);
    CHECK(agent.logged("line 5"));

    // More events than it takes at once wait in its mailbox, which it empties at its pace.
    for (int i = 0; i < 500; ++i) agent.send("busy");
    CHECK(wait_for([&] { return agent.seen()["seen"] == 500; }));
    CHECK(agent.dropped() == 0);
}

TEST_CASE("a module's process that makes no sense is killed", "[isolated]") {
    Isolated agent;
    agent.begin();
    (void)agent.call("goWrong", {"babble"});
    REQUIRE(wait_for([&] { return agent.logged("was killed: a frame is too long"); }));
    REQUIRE(agent.back(1s));
}

TEST_CASE("a module that fails at its start stops the start", "[isolated]") {
    for (const auto& [how, why] :
         {std::pair("crash", "was ended by SIGSEGV"), std::pair("throw", "as it was told to")}) {
        Isolated agent(Settings{{"begin", how}});
        const auto started = agent.start();
        REQUIRE_FALSE(started.ok());
        CHECK(to_string(started.error()).find(why) != std::string::npos);
    }
}

TEST_CASE("what the loader refuses, it refuses in a process of its own, too", "[isolated]") {
    const auto missing = IsolatedModule::make("/nowhere/missing.so", {});
    REQUIRE_FALSE(missing.ok());
    CHECK(to_string(missing.error()).find("there is no module 'missing'") != std::string::npos);
    IsolationOptions options;
    options.program = "/nowhere/clacks-module-host";
    const auto none = IsolatedModule::make(CLACKS_BINARY_DIR "/tests/modules/faulty.so", options);
    REQUIRE_FALSE(none.ok());
    CHECK(to_string(none.error()).find("/nowhere/clacks-module-host cannot be started: No such file") !=
          std::string::npos);
    options.program = "/bin/true";
    const auto other = IsolatedModule::make(CLACKS_BINARY_DIR "/tests/modules/faulty.so", options);
    REQUIRE_FALSE(other.ok());
    CHECK(to_string(other.error()).find("exited with status 0") != std::string::npos);
}
