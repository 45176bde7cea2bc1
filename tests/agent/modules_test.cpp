// Modules in a real pipeline: callbacks, commands, timers, failures, loading, node life.
#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "agent/api/settings_reader.hpp"
#include "agent/harness/module_harness.hpp"
#include "agent/modules/builtin.hpp"
#include "agent/modules/loader.hpp"
#include "agent/modules/settings_table.hpp"
#include "common/events/event_maker.hpp"
#include "common/events/fields.hpp"
#include "tests/support/wait_for.hpp"

using namespace clacks;
using nlohmann::json;

namespace {

HarnessOptions here() {
    HarnessOptions options;
    options.events = {CLACKS_SOURCE_DIR "/data/events"};
    return options;
}

// A harness that ends the test where it cannot go on.
struct Inside : ModuleHarness {
    explicit Inside(HarnessOptions options = here()) : ModuleHarness(std::move(options)) {}
    void add(std::unique_ptr<Module> module) { REQUIRE(ModuleHarness::add(std::move(module)).ok()); }
    void start() {
        auto started = ModuleHarness::start();
        if (!started) FAIL(to_string(started.error()));
    }
    Published publish(const std::string& document) {
        auto published = ModuleHarness::publish(document);
        if (!published) FAIL(to_string(published.error()));
        return *published;
    }
    bool logged(const std::string& text) const { return log().find(text) != std::string::npos; }
};

std::string phone(const std::string& status) {
    EventMaker e;
    return e("Event", e("PhoneStatus", e("CallerId", "1"), e("ReceiverId", "2"), e("Status", status))).str();
}

std::string node_status(const std::string& id, double load) {
    EventMaker e;
    return e("Event", e("NodeStatus", e("Id", id), e("Load", load), e("Latency", 0.5), e("Workers", 3),
                        e("Indexed", true)))
        .str();
}

class TestModule final : public Module {
  public:
    using Start = std::function<void(ModuleContext&)>;
    explicit TestModule(Start start, std::string name = "test")
        : start_(std::move(start)), name_(std::move(name)) {}
    std::string_view name() const override { return name_; }
    void start(ModuleContext& context) override { start_(context); }

  private:
    Start start_;
    std::string name_;
};

std::unique_ptr<Module> module(TestModule::Start start, std::string name = "test") {
    return std::make_unique<TestModule>(std::move(start), std::move(name));
}

}  // namespace

TEST_CASE("a callback gets the events that its XQuery selects", "[modules]") {
    Inside agent;
    std::atomic<int> got{0};
    std::string last;
    agent.add(module([&](ModuleContext& context) {
        REQUIRE(context
                    .subscribe("./e:Event/e:PhoneStatus[e:Status = 'busy']",
                               [&](const EventMessage& message) {
                                   last = message.user_id + " " +
                                          std::string(events::field(*message.event, "Status"));
                                   ++got;
                               })
                    .ok());
    }));
    agent.start();
    CHECK(agent.publish(phone("idle")).matched == 0);
    CHECK(agent.publish(phone("busy")).matched == 1);
    REQUIRE(wait_for([&] { return got == 1; }));
    agent.stop();
    CHECK(last == "tester busy");
    CHECK(agent.publish(phone("busy")).matched == 0);
}

TEST_CASE("a callback that throws is counted and logged and disturbs nobody", "[modules]") {
    Inside agent;
    std::atomic<int> got{0};
    agent.add(module(
        [&](ModuleContext& context) {
            (void)context.subscribe("",
                                    [](const EventMessage&) { throw std::runtime_error("out of paper"); });
        },
        "bad"));
    agent.add(module(
        [&](ModuleContext& context) { (void)context.subscribe("", [&](const EventMessage&) { ++got; }); },
        "good"));
    agent.start();
    const Published published = agent.publish(phone("busy"));
    CHECK(published.matched == 2);
    REQUIRE(wait_for([&] { return got == 1 && agent.failures() == 1; }));
    CHECK(wait_for([&] { return agent.logged("out of paper"); }));
    CHECK(agent.logged(published.id));
    CHECK(agent.logged("module bad"));
    agent.publish(phone("busy"));
    CHECK(wait_for([&] { return got == 2 && agent.failures() == 2; }));
}

TEST_CASE("a module's intake hands on what fits, tells what went, and ends with the module", "[modules]") {
    struct Opened final : Intakes {
        Result<std::uint16_t, Diagnostic> open_intake(Intake intake, IntakeHandler handler) override {
            wanted = std::move(intake);
            take = std::move(handler);
            return std::uint16_t{4711};
        }
        Intake wanted;
        IntakeHandler take;
    } opened;
    HarnessOptions options = here();
    options.intakes = &opened;
    options.mailbox = 3;
    options.mailbox_bytes = 10;
    Inside agent(options);
    std::mutex gate;
    std::vector<std::string> got;
    std::atomic<bool> begun{false};
    agent.add(module([&](ModuleContext& context) {
        const auto port = context.listen({"127.0.0.1", 0, "feed"}, [&](const std::string& body) {
            begun = true;
            const std::lock_guard lock(gate);
            got.push_back(body);
            if (body == "bad") throw std::runtime_error("out of paper");
        });
        REQUIRE(port.ok());
        CHECK(*port == 4711);
    }));
    agent.start();
    CHECK(opened.wanted.address == "feed");
    {
        const std::lock_guard lock(gate);
        CHECK(opened.take("first"));
        REQUIRE(wait_for([&] { return begun.load(); }));
        for (int round = 0; round < 1000; ++round) CHECK(opened.take("old"));
        for (const char* body : {"12", "bad", "a longer one", "34", "56"}) CHECK(opened.take(body));
    }
    REQUIRE(wait_for([&] { return agent.logged("it could not keep up: 1003 messages were lost"); }));
    agent.stop();
    CHECK(got == std::vector<std::string>{"first", "34", "56"});
    CHECK(agent.dropped() == 1003);
    CHECK_FALSE(opened.take("late"));
}

TEST_CASE("a module cannot listen where there is no bus", "[modules]") {
    Inside agent;
    agent.add(module([&](ModuleContext& context) {
        const auto port = context.listen({"127.0.0.1", 0, "feed"}, [](const std::string&) {});
        REQUIRE_FALSE(port.ok());
        CHECK(to_string(port.error()).find("there is no bus here") != std::string::npos);
    }));
    agent.start();
}

TEST_CASE("a module's full mailbox loses the oldest events, counted", "[modules]") {
    HarnessOptions options = here();
    options.mailbox = 2;
    Inside agent(options);
    std::mutex gate;
    std::vector<std::string> got;
    std::atomic<int> entered{0};
    agent.add(module([&](ModuleContext& context) {
        (void)context.subscribe("", [&](const EventMessage& message) {
            ++entered;
            const std::lock_guard lock(gate);
            got.emplace_back(events::field(*message.event, "Status"));
        });
    }));
    agent.start();
    {
        const std::lock_guard closed(gate);
        agent.publish(phone("1"));
        REQUIRE(wait_for([&] { return entered == 1; }));
        for (const char* status : {"2", "3", "4", "5"}) agent.publish(phone(status));
        const DeliveryCounts counts = agent.subscriptions()[0].counts;
        CHECK(counts.matched == 5);
        CHECK(counts.delivered == 1);
        CHECK(counts.queued == 2);
        CHECK(counts.dropped(DropReason::queue_full) == 2);
    }
    REQUIRE(wait_for([&] { return entered == 3; }));
    agent.stop();
    CHECK(got == std::vector<std::string>{"1", "4", "5"});
}

TEST_CASE("the account of a module's subscription adds up at every moment", "[modules][threads]") {
    HarnessOptions options = here();
    options.mailbox = 3;
    Inside agent(options);
    std::atomic<std::uint64_t> got{0};
    agent.add(module([&](ModuleContext& context) {
        REQUIRE(context.subscribe("", [&](const EventMessage&) { ++got; }).ok());
    }));
    agent.start();
    constexpr std::uint64_t kEvents = 3000;
    std::atomic<bool> over{false};
    std::thread publisher([&] {
        for (std::uint64_t i = 0; i < kEvents; ++i) agent.publish(phone("busy"));
        over = true;
    });
    const auto adds_up = [&] {
        const DeliveryCounts counts = agent.subscriptions()[0].counts;
        return counts.matched == counts.delivered + counts.dropped() + counts.queued;
    };
    std::uint64_t wrong = 0;
    while (!over) wrong += adds_up() ? 0 : 1;
    publisher.join();
    CHECK(wrong == 0);
    agent.settle();
    const DeliveryCounts counts = agent.subscriptions()[0].counts;
    CHECK(counts.matched == kEvents);
    CHECK(counts.queued == 0);
    CHECK(counts.delivered == got);
}

TEST_CASE("commands of a module run on its thread and end with it", "[modules]") {
    Inside agent;
    std::thread::id thread;
    agent.add(module([&](ModuleContext& context) {
        thread = std::this_thread::get_id();
        CommandSpec spec;
        spec.name = "whoami";
        REQUIRE(context
                    .command(spec,
                             [&](const Call&) -> CommandResult {
                                 return json(std::this_thread::get_id() == thread);
                             })
                    .ok());
        spec.name = "fail";
        REQUIRE(
            context.command(spec, [](const Call&) -> CommandResult { throw std::runtime_error("no tea"); })
                .ok());
    }));
    agent.start();
    CHECK(agent.call("whoami")["result"] == true);
    CHECK(agent.call("whoami", json::array(), "test")["result"] == true);
    CHECK(agent.call("whoami", json::array(), "other")["error"]["code"] == -32601);
    const json failed = agent.call("fail");
    CHECK(failed["error"]["code"] == -32603);
    CHECK(failed["error"]["message"].get<std::string>().find("no tea") != std::string::npos);
    CHECK(agent.failures() == 1);
    agent.stop();
    CHECK(agent.call("whoami")["error"]["code"] == -32601);
}

TEST_CASE("a module that does not answer does not keep its caller", "[modules]") {
    HarnessOptions options = here();
    options.command_deadline = std::chrono::milliseconds(20);
    Inside agent(options);
    std::mutex gate;
    std::atomic<int> done{0};
    agent.add(module([&](ModuleContext& context) {
        CommandSpec spec;
        spec.name = "ponder";
        REQUIRE(context
                    .command(spec,
                             [&](const Call& call) -> CommandResult {
                                 const std::lock_guard lock(gate);
                                 ++done;
                                 return *call.parameters;  // its own, also when the caller is gone
                             })
                    .ok());
    }));
    agent.start();
    {
        const std::lock_guard closed(gate);
        const json late = agent.call("ponder");
        CHECK(late["error"]["message"].get<std::string>().find("has not answered within 20 ms") !=
              std::string::npos);
        CHECK(agent.logged("has not answered the command 'ponder'"));
    }
    CHECK(wait_for([&] { return done == 1; }));
}

TEST_CASE("no callback or timer runs before every module has started", "[modules]") {
    Inside agent;
    std::atomic<bool> second_started{false};
    std::atomic<int> early{0};
    std::atomic<int> ran{0};
    const auto note = [&] {
        if (!second_started) ++early;
        ++ran;
    };
    agent.add(module(
        [&](ModuleContext& context) {
            (void)context.subscribe("", [&](const EventMessage&) { note(); });
            context.timer(std::chrono::milliseconds(0), false, note);
            REQUIRE(context.send(phone("busy")).ok());
        },
        "first"));
    agent.add(module(
        [&](ModuleContext&) {
            // The first one's thread has had every chance by then.
            for (int i = 0; i < 1000; ++i) std::this_thread::yield();
            second_started = true;
        },
        "second"));
    agent.start();
    CHECK(wait_for([&] { return ran == 2; }));
    CHECK(early == 0);
}

TEST_CASE("timers follow the clock", "[modules]") {
    Inside agent;
    std::atomic<int> once{0};
    std::atomic<int> often{0};
    agent.add(module([&](ModuleContext& context) {
        context.timer(std::chrono::seconds(5), false, [&] { ++once; });
        context.timer(std::chrono::seconds(2), true, [&] { ++often; });
    }));
    agent.start();
    agent.advance(std::chrono::seconds(2));
    CHECK(often == 1);
    CHECK(once == 0);
    agent.advance(std::chrono::seconds(3));
    CHECK(often == 2);
    CHECK(once == 1);
    agent.advance(std::chrono::seconds(1));
    CHECK(often == 2);
    CHECK(once == 1);
}

TEST_CASE("a module that does not start stops the start, and nothing stays behind", "[modules]") {
    Inside agent;
    agent.add(module([](ModuleContext& context) { (void)context.subscribe("", [](const EventMessage&) {}); },
                     "first"));
    agent.add(module([](ModuleContext&) { throw std::runtime_error("no key"); }, "second"));
    auto started = agent.ModuleHarness::start();
    REQUIRE_FALSE(started.ok());
    CHECK(to_string(started.error()).find("second") != std::string::npos);
    CHECK(to_string(started.error()).find("no key") != std::string::npos);
    CHECK(agent.subscriptions().empty());
}

TEST_CASE("names are unique", "[modules]") {
    Inside agent;
    agent.add(module([](ModuleContext&) {}));
    CHECK(agent.ModuleHarness::add(module([](ModuleContext&) {})).error().code == "module-duplicate");
    CHECK_FALSE(agent.ModuleHarness::add(module([](ModuleContext&) {}, "core")).ok());
}

TEST_CASE("instances of a module have sections of their own", "[modules]") {
    struct Twice final : Module {
        std::string_view name() const override { return "twice"; }
        std::vector<ModuleSetting> instance_keys() const override {
            return {{"wait", "duration", "1 s", "How long."}, {"times", "integer", "", "How often."}};
        }
        Result<void, Diagnostics> configure(const ModuleSettings& settings) override {
            Diagnostics problems;
            waits.clear();
            for (const auto& [name, values] : settings.instances) {
                SettingsReader read(values, "[module twice " + name + "]", problems);
                waits[name] = read.duration("wait", std::chrono::seconds(1), std::chrono::seconds(0),
                                            std::chrono::hours(1));
                (void)read.count("times", 1, 1, 9);
            }
            if (!problems.empty()) return problems;
            return {};
        }
        std::map<std::string, std::chrono::milliseconds> waits;
    };
    Inside agent;
    auto owned = std::make_unique<Twice>();
    const Twice& twice = *owned;
    agent.add(std::move(owned));
    agent.set("twice", {});
    agent.set("twice a", {{"wait", "5 s"}, {"times", "3"}});
    agent.set("twice b", {{"times", "9"}});
    REQUIRE(agent.configure().ok());
    CHECK(twice.waits == std::map<std::string, std::chrono::milliseconds>{{"a", std::chrono::seconds(5)},
                                                                          {"b", std::chrono::seconds(1)}});
    agent.set("twice b", {{"tmes", "3"}});
    auto configured = agent.configure();
    REQUIRE_FALSE(configured.ok());
    CHECK(configured.error()[0].source == "[module twice b]");
    CHECK(configured.error()[0].hint == "did you mean 'times'?");
    REQUIRE(configured.error().size() == 2);
    CHECK(configured.error()[1].path == "times");
    CHECK(configured.error()[1].message == "module 'twice': 'times' must be set");
    CHECK(configured.error()[1].hint == "write times = integer: How often.");
    agent.set("twice b", {{"times", "10"}, {"wait", "soon"}});
    configured = agent.configure();
    REQUIRE_FALSE(configured.ok());
    REQUIRE(configured.error().size() == 2);
    CHECK(configured.error()[0].path == "wait");
    CHECK(to_string(configured.error()[1]).find("times: 10 is not within 1 to 9") != std::string::npos);
}

TEST_CASE("a section of an instance needs a module that has instances", "[modules]") {
    Inside agent;
    agent.add(module([](ModuleContext&) {}));
    agent.set("test one", {});
    auto configured = agent.configure();
    REQUIRE_FALSE(configured.ok());
    CHECK(configured.error()[0].source == "[module test one]");
}

TEST_CASE("a module is called when its descriptor is ready, until it no longer watches", "[modules]") {
    int ends[2];
    REQUIRE(::pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0);
    std::atomic<int> bytes{0}, writable{0};
    ModuleContext* inside = nullptr;
    Inside agent;
    agent.add(module([&](ModuleContext& context) {
        inside = &context;
        context.watch(ends[0], Ready::read, [&, &context = context] {
            char byte = 0;
            if (::read(ends[0], &byte, 1) == 1) ++bytes;
            if (byte == 'q') context.unwatch(ends[0]);
        });
        context.watch(ends[1], Ready::write, [&, &context = context] {
            ++writable;
            context.unwatch(ends[1]);
        });
    }));
    agent.start();
    REQUIRE(wait_for([&] { return writable == 1; }));
    REQUIRE(::write(ends[1], "abq", 3) == 3);
    REQUIRE(wait_for([&] { return bytes == 3; }));
    REQUIRE(::write(ends[1], "c", 1) == 1);
    // A timer that runs after the byte lay there: the thread has looked, and has not called.
    std::atomic<bool> later{false};
    inside->timer(std::chrono::milliseconds(0), false, [&] { later = true; });
    agent.settle();
    REQUIRE(later);
    CHECK(bytes == 3);
    CHECK(writable == 1);
    agent.stop();
    ::close(ends[0]);
    ::close(ends[1]);
}

TEST_CASE("a key that a module does not know is refused before it is asked", "[modules]") {
    struct WithKeys final : Module {
        std::string_view name() const override { return "keyed"; }
        std::vector<ModuleSetting> keys() const override {
            return {{"interval", "integer", "", "Must be 5."}};
        }
        Result<void, Diagnostics> configure(const ModuleSettings& settings) override {
            if (settings.values.at("interval") == "5") return {};
            Diagnostic bad;
            bad.message = "'interval' must be 5";
            bad.path = "interval";
            return Diagnostics{bad};
        }
    };
    Inside agent;
    agent.add(std::make_unique<WithKeys>());
    agent.set("keyed", {{"intreval", "5"}});
    auto configured = agent.configure();
    REQUIRE_FALSE(configured.ok());
    CHECK(to_string(configured.error()).find("did you mean 'interval'?") != std::string::npos);
    CHECK(configured.error().front().path == "intreval");
    agent.set("keyed", {{"interval", "6"}});
    configured = agent.configure();
    REQUIRE_FALSE(configured.ok());
    CHECK(configured.error().front().source == "[module keyed]");
    agent.set("keyed", {{"interval", "5"}});
    CHECK(agent.configure().ok());
}

TEST_CASE("the example module is loaded from its file and receives PhoneStatus", "[modules]") {
    Inside agent;
    auto loaded = agent.load(CLACKS_BINARY_DIR "/lib/modules/phone-status.so");
    if (!loaded) FAIL(to_string(loaded.error()));
    agent.start();
    CHECK(agent.publish(phone("busy")).matched == 1);
    CHECK(agent.call("getPhoneStatus")["result"] == json{{"2", "busy"}});
}

TEST_CASE("a module's table of settings has a row for each, and is told of any module by its name",
          "[modules]") {
    struct Tabled final : Module {
        std::string_view name() const override { return "tabled"; }
        std::vector<ModuleSetting> keys() const override {
            return {{"filter", "XQuery", "", "Such as a | b."}, {"wait", "duration", "1 s", "How long."}};
        }
        std::vector<ModuleSetting> instance_keys() const override {
            return {{"user", "string", "none", "Who."}};
        }
    };
    CHECK(settings_table(Tabled()) ==
          "Settings of `[module tabled]`:\n\n"
          "| key | type | default | meaning |\n|---|---|---|---|\n"
          "| `filter` | XQuery | must be set | Such as a \\| b. |\n"
          "| `wait` | duration | `1 s` | How long. |\n\n"
          "Settings of `[module tabled INSTANCE]`:\n\n"
          "| key | type | default | meaning |\n|---|---|---|---|\n"
          "| `user` | string | none | Who. |\n");
    const std::vector<std::filesystem::path> folders{CLACKS_BINARY_DIR "/lib/modules"};
    CHECK(*settings_table(folders, "node") == "The section `[module node]` has no settings.\n");
    CHECK(settings_table(folders, "phone-status").ok());
    CHECK(settings_table(folders, "ndoe").error()[0].hint == "did you mean 'node'?");
}

TEST_CASE("a file that is no module is named, and so is a module without a file", "[modules]") {
    auto loaded =
        load_modules({CLACKS_BINARY_DIR "/lib/modules"}, {"phone-statsu", "ndoe", "else"}, {"node"});
    REQUIRE_FALSE(loaded.ok());
    REQUIRE(loaded.error().size() == 3);
    CHECK(loaded.error()[0].source == "[module phone-statsu]");
    CHECK(loaded.error()[0].hint == "did you mean 'phone-status'?");
    CHECK(loaded.error()[1].hint == "did you mean 'node'?");
    CHECK(loaded.error()[2].message.find("lib/modules") != std::string::npos);
}

TEST_CASE("a module brings event definitions of its own", "[modules]") {
    class WithEvents final : public Module {
      public:
        explicit WithEvents(std::filesystem::path folder) : folder_(std::move(folder)) {}
        std::string_view name() const override { return "with-events"; }
        std::filesystem::path events_folder() const override { return folder_; }

      private:
        std::filesystem::path folder_;
    };
    std::string folder = (std::filesystem::temp_directory_path() / "clacks-module-XXXXXX").string();
    REQUIRE(::mkdtemp(folder.data()) != nullptr);
    std::ofstream(folder + "/Tick.xsd") << R"(<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"
        targetNamespace="http://www.gonicus.de/Events"><xs:element name="Tick" type="xs:int"/></xs:schema>)";
    Inside agent;
    agent.add(std::make_unique<WithEvents>(folder));
    agent.start();
    agent.publish("<Event xmlns='http://www.gonicus.de/Events'><Tick>1</Tick></Event>");
    std::filesystem::remove_all(folder);
}

TEST_CASE("a node announces itself, tells what it can do and how it is, and leaves", "[modules][node]") {
    Inside agent;
    for (auto& builtin : builtin_modules()) agent.add(std::move(builtin));
    agent.start();
    agent.settle();
    CHECK(agent.sent("NodeAnnounce").size() == 1);
    REQUIRE(agent.sent("NodeCapabilities").size() == 1);
    CHECK(agent.sent("NodeCapabilities")[0]->bytes.find("<Name>getNodes</Name>") != std::string::npos);
    REQUIRE(agent.sent("NodeStatus").size() == 1);
    CHECK(events::field(*agent.sent("NodeStatus")[0], "Id") == "here");

    EventMaker e;
    agent.publish(e("Event", e("NodeAnnounce", e("Id", "there"))).str());
    agent.settle();
    CHECK(agent.sent("NodeCapabilities").size() == 2);
    agent.advance(std::chrono::seconds(10));
    CHECK(agent.sent("NodeStatus").size() == 2);

    agent.stop();
    CHECK(agent.sent("NodeLeave").size() == 1);
    CHECK(agent.sent().back()->name == "NodeLeave");
}

TEST_CASE("the node table is fed by events, and a silent node disappears", "[modules][node]") {
    Inside agent;
    for (auto& builtin : builtin_modules()) agent.add(std::move(builtin));
    agent.start();
    agent.settle();
    CHECK(agent.call("getNodes")["result"].contains("here"));
    agent.publish(node_status("there", 0.25));
    const json there = agent.call("getNodes")["result"]["there"];
    CHECK(there["load"] == 0.25);
    CHECK(there["latency"] == 0.5);
    CHECK(there["workers"] == 3);
    CHECK(there["indexed"] == true);
    CHECK(there["received"] == 1'700'000'000.0);
    CHECK(agent.logged("node there joined"));

    agent.advance(std::chrono::seconds(59));
    CHECK(agent.call("getNodes")["result"]["here"]["received"] == 1'700'000'059.0);
    CHECK(agent.call("getNodes")["result"].contains("there"));
    agent.advance(std::chrono::seconds(1));
    CHECK_FALSE(agent.call("getNodes")["result"].contains("there"));
    CHECK(agent.logged("node there was silent for 60 s"));

    agent.publish(node_status("there", 0.5));
    EventMaker e;
    agent.publish(e("Event", e("NodeLeave", e("Id", "there"))).str());
    CHECK_FALSE(agent.call("getNodes")["result"].contains("there"));
}

namespace {

// Sends the value of an expression of its section back as the Status of a PhoneStatus.
class Echo final : public Module {
  public:
    std::string_view name() const override { return "echo"; }
    std::vector<ModuleSetting> keys() const override { return {{"value.*", "XQuery", "none", "Values."}}; }
    Result<void, Diagnostics> configure(const ModuleSettings& settings) override {
        auto compiled = settings.expressions->compile(settings.values.at("value.status"));
        if (!compiled) return std::move(compiled).error();
        value_ = *compiled;
        return {};
    }
    void start(ModuleContext& context) override {
        REQUIRE(context
                    .subscribe("./e:Event/e:NodeStatus",
                               [&](const EventMessage& message) {
                                   auto text = value_->text(message);
                                   (void)context.send(phone(text ? *text : to_string(text.error())));
                               })
                    .ok());
    }

  private:
    std::shared_ptr<const Expression> value_;
};

std::string echoed(const std::string& xquery) {
    Inside agent;
    agent.set("echo", {{"value.status", xquery}});
    agent.add(std::make_unique<Echo>());
    agent.start();
    agent.publish(node_status("n", 0.25));
    agent.settle();
    REQUIRE(agent.sent("PhoneStatus").size() == 1);
    return std::string(events::field(*agent.sent("PhoneStatus").front(), "Status"));
}

}  // namespace

TEST_CASE("a module evaluates expressions over events", "[modules]") {
    CHECK(echoed("//e:Id, //e:Load * 2") == "n 0.5");
    CHECK(echoed("//e:Nothing").empty());
    CHECK(echoed("declare variable $user-id external; concat($user-id, '&lt;')") == "tester<");
    CHECK(echoed("xs:integer(//e:Id)").find("FORG0001") != std::string::npos);
    Inside agent;
    agent.add(std::make_unique<Echo>());
    agent.set("echo", {{"value.status", "1 +"}});
    CHECK(to_string(agent.configure().error()).find("XPST0003") != std::string::npos);
    agent.set("echo", {{"value.status", "1"}, {"value.", "1"}, {"valu.status", "1"}});
    CHECK(agent.configure().error().size() == 2);
}
