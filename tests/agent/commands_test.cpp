// Requests as they come from the bus, against the core's commands over a real pipeline.
#include <catch2/catch.hpp>
#include <deque>
#include <nlohmann/json.hpp>
#include <optional>

#include "agent/commands/core_commands.hpp"
#include "agent/commands/registry.hpp"
#include "common/rpc/error_codes.hpp"
#include "tests/agent/agent_fixture.hpp"

using namespace clacks;
using nlohmann::json;
using testing::phone;

namespace {

// Permits nothing; what sendEvent says then is what is tested.
class Forbidding final : public EventSink {
  public:
    Result<Published> publish(Publication) override {
        Diagnostic problem;
        problem.code = "not-permitted";
        problem.message = "the user may not send events";
        return problem;
    }
};

struct Commands {
    testing::Agent agent;
    Publishers publishers;
    std::deque<std::function<void()>> later;
    Registry registry{agent.access, agent.counters,
                      [this](std::function<void()> work) { later.push_back(std::move(work)); }};

    explicit Commands(EventSink* sink = nullptr) {
        const CoreServices services{sink != nullptr ? *sink : agent.pipeline,
                                    agent.pipeline,
                                    [this] { return agent.pipeline.catalogue(); },
                                    "org.clacks",
                                    "node-1",
                                    publishers,
                                    [] { return std::uint64_t{5}; }};
        const auto added = add_core_commands(registry, services);
        INFO((added ? "" : to_string(added.error())));
        REQUIRE(added);
    }

    void add(const std::string& provider, CommandSpec spec, CommandBody body) {
        const auto added = registry.add(provider, std::move(spec), std::move(body));
        REQUIRE(added.ok());
    }
    std::string text(const std::string& body, const std::string& queue = "core",
                     const std::string& user = "joe") {
        std::optional<std::string> answer;
        registry.handle({user, queue, body}, [&](std::string given) {
            CHECK_FALSE(answer);
            answer = std::move(given);
        });
        REQUIRE(answer);
        return *answer;
    }
    json ask(const json& request, const std::string& queue = "core", const std::string& user = "joe") {
        return json::parse(text(request.dump(), queue, user));
    }
    // The result in JSON-RPC 2.0.
    json result(const std::string& method, const json& parameters = json::array()) {
        const json answer = ask({{"jsonrpc", "2.0"}, {"method", method}, {"params", parameters}, {"id", 1}});
        INFO(answer.dump());
        REQUIRE(answer.contains("result"));
        CHECK(answer.at("id") == 1);
        return answer.at("result");
    }
    json error(const std::string& method, const json& parameters = json::array(),
               const std::string& queue = "core", const std::string& user = "joe") {
        const json answer =
            ask({{"jsonrpc", "2.0"}, {"method", method}, {"params", parameters}, {"id", 1}}, queue, user);
        INFO(answer.dump());
        REQUIRE(answer.contains("error"));
        CHECK_FALSE(answer.at("error").at("message").get<std::string>().empty());
        return answer.at("error");
    }
};

CommandSpec named(const std::string& name) {
    CommandSpec spec;
    spec.name = name;
    return spec;
}

CommandBody returns(const json& value) {
    return [value](const Call&) -> CommandResult { return value; };
}

bool says(const json& error, const std::string& part) {
    INFO(error.dump());
    return error.at("message").get<std::string>().find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("sendEvent in both forms", "[commands]") {
    Commands commands;
    const auto listener = commands.agent.listen("//e:Status = 'busy'");
    const json original = commands.ask({{"method", "sendEvent"}, {"params", {phone("busy")}}, {"id", "a"}});
    CHECK(original == json({{"result", true}, {"error", nullptr}, {"id", "a"}}));
    const json result = commands.result("sendEvent", {{"data", phone("busy")}});
    CHECK(result.at("matched") == 1);
    REQUIRE(listener.kept->size() == 2);
    CHECK(result.at("id") == listener.kept->messages().back()->message_id);
    CHECK(listener.kept->messages().back()->user_id == "joe");
    CHECK(commands.result("sendEvent", {phone("free")}).at("matched") == 0);
}

TEST_CASE("an invalid event comes back with its place", "[commands]") {
    Commands commands;
    const std::string document =
        "<Event xmlns=\"http://www.gonicus.de/Events\">\n <NodeStatus><Id>n</Id><Load>high</Load>"
        "<Latency>0</Latency><Workers>1</Workers></NodeStatus></Event>";
    const json error = commands.error("sendEvent", {document});
    CHECK(error.at("code") == rpc::kInvalidEvent);
    CHECK(error.at("data").at("code") == "event-invalid");
    CHECK(error.at("data").at("line") == 2);
    CHECK(error.at("data").at("column").get<int>() > 1);
    CHECK(error.at("data").at("path") == "/Event/NodeStatus/Load");
    CHECK(error.at("data").at("expected").get<std::string>().find("float") != std::string::npos);
    const json original = commands.ask({{"method", "sendEvent"}, {"params", {document}}, {"id", 1}});
    CHECK(original.at("result").is_null());
    CHECK(original.at("error") == error);
    CHECK(commands.error("sendEvent", {"<Event"}).at("code") == rpc::kInvalidEvent);
    const json unknown =
        commands.error("sendEvent", {"<Event xmlns=\"http://www.gonicus.de/Events\"><PhoneStatu/></Event>"});
    CHECK(unknown.at("code") == rpc::kUnknownEvent);
    CHECK(says(unknown, "PhoneStatus"));
}

TEST_CASE("sendEvent needs a user and permission", "[commands]") {
    Commands commands;
    CHECK(commands.error("sendEvent", {phone("a")}, "core", "").at("code") == rpc::kNotPermitted);
    CHECK(commands.agent.counters.published == 0);
    Forbidding forbidding;
    Commands forbidden(&forbidding);
    CHECK(forbidden.error("sendEvent", {phone("a")}).at("code") == rpc::kNotPermitted);
}

TEST_CASE("getMethods tells everything of every command", "[commands]") {
    Commands commands;
    CommandSpec greet = named("greet");
    greet.documentation = "Greets.";
    greet.type = CommandType::cumulative;
    greet.needs_queue = true;
    greet.parameters = {{"name", rpc::ParameterType::string, true, ""}};
    commands.add("greeter", greet, returns("hello"));
    const json all = commands.result("getMethods");
    CHECK(all.at("greet") == json({{"path", "greeter.greet"},
                                   {"target", "greeter"},
                                   {"sig", {"name"}},
                                   {"type", "CUMULATIVE"},
                                   {"needsQueue", true},
                                   {"doc", "Greets."},
                                   {"provider", {"node-1"}}}));
    for (const char* name : {"sendEvent", "getMethods", "getSessionUser", "getEvents", "getEventSchema",
                             "getSubscriptions", "getStatistics"}) {
        INFO(name);
        CHECK(all.at(name).at("target") == "core");
        CHECK(all.at(name).at("type") == "NORMAL");
        CHECK_FALSE(all.at(name).at("doc").get<std::string>().empty());
    }
    CHECK(commands.result("getMethods", {"core", "de"}) == all);
    CHECK(commands.result("getMethods", {{"queue", "greeter"}}).size() == 1);
    CHECK(commands.result("getMethods", {"org.clacks.command.greeter"}).size() == 1);
    const json wrong = commands.error("getMethods", {"greter"});
    CHECK(wrong.at("code") == rpc::kInvalidParameters);
    CHECK(says(wrong, "'greeter'"));
}

TEST_CASE("getSessionUser", "[commands]") {
    Commands commands;
    CHECK(commands.result("getSessionUser") == "joe");
    CHECK(commands.error("getSessionUser", json::array(), "core", "").at("code") == rpc::kNotPermitted);
}

TEST_CASE("getEvents and getEventSchema", "[commands]") {
    Commands commands;
    const json all = commands.result("getEvents");
    CHECK(all.size() == testing::catalogue()->types().size());
    const json& status = all.at("PhoneStatus");
    CHECK(status.at("doc") == testing::catalogue()->find("PhoneStatus")->documentation);
    REQUIRE(status.at("elements").size() == 3);
    CHECK(status.at("elements").at(0).at("name") == "CallerId");
    CHECK(status.at("elements").at(0).at("type") == "string");
    const json& log = all.at("PuppetReport").at("elements").at(1);
    CHECK(log.at("maxOccurs") == "unbounded");
    CHECK(log.at("elements").size() > 5);
    const json schema = commands.result("getEventSchema", {"PhoneStatus"});
    CHECK(schema == testing::catalogue()->find("PhoneStatus")->schema);
    const json unknown = commands.error("getEventSchema", {"PhoneStatsu"});
    CHECK(unknown.at("code") == rpc::kUnknownEvent);
    CHECK(says(unknown, "did you mean 'PhoneStatus'"));
}

TEST_CASE("getSubscriptions", "[commands]") {
    Commands commands;
    CHECK(commands.result("getSubscriptions") == json::array());
    const auto listener = commands.agent.listen("xs:integer(//e:Status) = 1");
    commands.agent.publish(phone("busy"));
    const json list = commands.result("getSubscriptions");
    REQUIRE(list.size() == 1);
    const json& one = list.front();
    CHECK(one.at("id") == listener.subscription->id());
    CHECK(one.at("owner") == "user");
    CHECK(one.at("link") == "link");
    CHECK(one.at("filter") == "xs:integer(//e:Status) = 1");
    CHECK(one.at("since").get<double>() == Approx(1'700'000'000.123).epsilon(1e-12));
    CHECK(one.at("evaluated") == 1);
    CHECK(one.at("errors") == 1);
    CHECK(one.at("last_error").get<std::string>().find("busy") != std::string::npos);
    for (const char* counter : {"matched", "delivered", "dropped", "queued"}) CHECK(one.at(counter) == 0);
    CHECK(one.at("indexed") == false);
}

TEST_CASE("getSubscriptions tells what an evaluation costs", "[commands]") {
    Commands commands;
    const auto counted = commands.agent.listen("string-length(//e:CallerId) > 1 and count(//text()) < 1000");
    const auto indexed = commands.agent.listen("./e:Event/e:PhoneStatus");
    const auto failing =
        commands.agent.listen("declare variable $x as xs:int external; $x = count(//text())");
    const auto one = [&](std::size_t i) { return commands.result("getSubscriptions").at(i); };
    CHECK(one(0).at("steps") == json{{"mean", 0.0}, {"most", 0}});
    commands.agent.publish(phone("busy"));
    const std::uint64_t first = one(0).at("steps").at("most");
    CHECK(first > 5);
    CHECK(one(0).at("steps").at("mean") == first);
    commands.agent.publish(phone("busy"));
    CHECK(one(0).at("steps").at("most") == first);  // the same event, the same steps
    CHECK(one(0).at("steps").at("mean") == first);
    CHECK(one(0).at("evaluated") == 2);
    CHECK(one(0).at("indexed") == false);
    CHECK(one(1).at("indexed") == true);
    CHECK(one(1).at("evaluated") == 0);
    CHECK(one(1).at("matched") == 2);
    CHECK(one(1).at("steps").at("most") == 0);
    CHECK(one(2).at("errors") == 2);
    CHECK(one(2).at("steps").at("most") == 0);  // the message lacks the variable
}

TEST_CASE("getStatistics", "[commands]") {
    Commands commands;
    const auto listener = commands.agent.listen("");
    commands.agent.publish(phone("busy"));
    commands.publishers.count("joe", Publishers::Outcome::accepted);
    commands.publishers.count("joe", Publishers::Outcome::rejected);
    const json drops = {{"queue-full", 0}, {"memory-limit", 0}, {"closed", 0}, {"failed", 0}};
    const json joe = {{"name", "joe"}, {"sent", 2}, {"accepted", 1}, {"rejected", 1}};
    CHECK(commands.result("getStatistics") == json{{"sent", 2},
                                                   {"accepted", 1},
                                                   {"rejected", 1},
                                                   {"matched", 1},
                                                   {"delivered", 1},
                                                   {"queued", 0},
                                                   {"dropped", 0},
                                                   {"drops", drops},
                                                   {"connections", 5},
                                                   {"publishers", json::array({joe})}});
}

TEST_CASE("requests that cannot be run", "[commands]") {
    Commands commands;
    const json unknown = commands.error("sendEvnt");
    CHECK(unknown.at("code") == rpc::kMethodNotFound);
    CHECK(says(unknown, "did you mean 'sendEvent'"));
    CHECK(commands.error("sendEvent").at("code") == rpc::kInvalidParameters);
    CHECK(says(commands.error("sendEvent", {{"dat", "x"}}), "did you mean 'data'"));
    CHECK(commands.error("sendEvent", {5}).at("code") == rpc::kInvalidParameters);
    const json broken = json::parse(commands.text("{"));
    CHECK(broken.at("error").at("code") == rpc::kParseError);
    CHECK(broken.at("id").is_null());
    CHECK(json::parse(commands.text("[]")).at("error").at("code") == rpc::kInvalidRequest);
    CHECK(json::parse(commands.text(std::string(500'000, '['))).at("error").at("code") == rpc::kParseError);
    CHECK(commands.agent.counters.requests == 7);
    CHECK(commands.agent.counters.request_errors == 7);
}

TEST_CASE("a module's queue finds the module's commands only", "[commands]") {
    Commands commands;
    commands.add("greeter", named("greet"), returns("hello"));
    CHECK(commands.result("greet") == "hello");
    CHECK(commands.ask({{"method", "greet"}, {"id", 1}}, "greeter").at("result") == "hello");
    const json error = commands.error("sendEvent", {phone("a")}, "greeter");
    CHECK(error.at("code") == rpc::kMethodNotFound);
    CHECK(says(error, "'greeter'"));
    CHECK(commands.registry.queues() == std::vector<std::string>{"core", "greeter"});
    commands.registry.remove("greeter");
    CHECK(commands.error("greet").at("code") == rpc::kMethodNotFound);
    CHECK(commands.registry.queues() == std::vector<std::string>{"core"});
}

TEST_CASE("a name is given once, and both who want it are named", "[commands]") {
    Commands commands;
    const auto added = commands.registry.add("greeter", named("sendEvent"), returns(1));
    REQUIRE_FALSE(added);
    CHECK(added.error().message.find("'greeter'") != std::string::npos);
    CHECK(added.error().message.find("'core'") != std::string::npos);
    CHECK(commands.registry.list().size() == 7);
}

TEST_CASE("a body is told who calls, from where and in which form", "[commands]") {
    Commands commands;
    CommandSpec spec = named("who");
    spec.needs_queue = true;
    commands.add("teller", spec, [](const Call& call) -> CommandResult {
        return json{call.user, call.method, call.queue, call.original_form};
    });
    CHECK(commands.result("who") == json({"joe", "who", "core", false}));
    CHECK(commands.ask({{"method", "who"}}, "teller").at("result") == json({"joe", "who", "teller", true}));
    // No bus request lacks its queue; one from elsewhere might.
    commands.registry.remove("teller");
    commands.add("", spec, returns(1));
    CHECK(commands.error("who", json::array(), "").at("code") == rpc::kInvalidRequest);
}

TEST_CASE("a body that throws is an internal error", "[commands]") {
    Commands commands;
    commands.add("m", named("fails"),
                 [](const Call&) -> CommandResult { throw std::runtime_error("disk gone"); });
    commands.add("m", named("odd"), [](const Call&) -> CommandResult { throw 5; });
    const json error = commands.error("fails");
    CHECK(error.at("code") == rpc::kInternalError);
    CHECK(says(error, "disk gone"));
    CHECK(commands.error("odd").at("code") == rpc::kInternalError);
    CHECK(commands.agent.counters.request_errors == 2);
}

TEST_CASE("a result that is not UTF-8 is answered all the same", "[commands]") {
    Commands commands;
    commands.add("m", named("bytes"), returns(std::string("a\xff")));
    CHECK(commands.result("bytes") == "a\xef\xbf\xbd");
}

TEST_CASE("notifications are run and not answered", "[commands]") {
    Commands commands;
    const auto listener = commands.agent.listen("");
    const json notification{{"jsonrpc", "2.0"}, {"method", "sendEvent"}, {"params", {phone("a")}}};
    CHECK(commands.text(notification.dump()).empty());
    CHECK(listener.kept->size() == 1);
    CHECK(commands.text(R"({"jsonrpc":"2.0","method":"nothing"})").empty());
    CHECK(commands.agent.counters.request_errors == 1);
    CHECK(commands.text("[" + notification.dump() + "," + notification.dump() + "]").empty());
    CHECK(listener.kept->size() == 3);
}

TEST_CASE("a batch is answered by a list without its notifications", "[commands]") {
    Commands commands;
    const json answer = json::parse(commands.text(
        R"([{"jsonrpc":"2.0","method":"getSessionUser","id":1}, {"jsonrpc":"2.0","method":"getSessionUser"}, 5,
            {"jsonrpc":"2.0","method":"nothing","id":"x"}, {"method":"getSessionUser","id":2}])"));
    REQUIRE(answer.size() == 4);
    CHECK(answer[0] == json({{"jsonrpc", "2.0"}, {"result", "joe"}, {"id", 1}}));
    CHECK(answer[1].at("error").at("code") == rpc::kInvalidRequest);
    CHECK(answer[1].at("id").is_null());
    CHECK(answer[2].at("error").at("code") == rpc::kMethodNotFound);
    CHECK(answer[2].at("id") == "x");
    CHECK(answer[3].at("error").at("code") == rpc::kInvalidRequest);
}

TEST_CASE("a command that may wait runs later, and is answered even if it never runs", "[commands]") {
    Commands commands;
    CommandSpec slow = named("slow");
    slow.may_wait = true;
    int runs = 0;
    commands.add("m", slow, [&runs](const Call&) -> CommandResult {
        ++runs;
        return json("done");
    });
    std::vector<std::string> answers;
    const auto keep = [&answers](std::string text) { answers.push_back(std::move(text)); };
    commands.registry.handle({"joe", "core", R"({"method":"slow","id":1})"}, keep);
    commands.registry.handle({"joe", "core", R"({"method":"slow","id":2})"}, keep);
    commands.registry.handle({"joe", "core", R"({"jsonrpc":"2.0","method":"slow"})"}, keep);
    CHECK(runs == 0);
    CHECK(answers.empty());
    REQUIRE(commands.later.size() == 3);
    commands.later.front()();
    commands.later.pop_front();
    REQUIRE(answers.size() == 1);
    CHECK(json::parse(answers[0]) == json({{"result", "done"}, {"error", nullptr}, {"id", 1}}));
    commands.later.clear();
    CHECK(runs == 1);
    REQUIRE(answers.size() == 3);
    const json dropped = json::parse(answers[1]);
    CHECK(dropped.at("error").at("code") == rpc::kStopping);
    CHECK(dropped.at("id") == 2);
    CHECK(answers[2].empty());
}
