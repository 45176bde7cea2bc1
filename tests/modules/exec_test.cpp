// The module exec by a clock that the test moves: rate, time-out, retries.
#include <catch2/catch.hpp>

#include "agent/harness/module_harness.hpp"
#include "common/events/event_maker.hpp"
#include "tests/support/wait_for.hpp"

using namespace clacks;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

struct Inside : ModuleHarness {
    explicit Inside(std::map<std::string, std::string> job)
        : ModuleHarness([] {
              HarnessOptions options;
              options.events = {CLACKS_SOURCE_DIR "/data/events"};
              return options;
          }()) {
        job["filter"] = "./e:Event/e:PhoneStatus";
        set("exec job", std::move(job));
        REQUIRE(load(CLACKS_BINARY_DIR "/lib/modules/exec.so").ok());
        auto started = start();
        if (!started) FAIL(to_string(started.error()));
    }
    void publish() {
        EventMaker e;
        REQUIRE(ModuleHarness::publish(e("Event", e("PhoneStatus", e("CallerId", "1"), e("ReceiverId", "2"),
                                                    e("Status", "busy")))
                                           .str())
                    .ok());
        settle();
    }
    json job() { return call("getExecJobs")["result"]["job"]; }
    bool until(const char* counter, int value) {
        return wait_for([&] { return job()[counter] == value; });
    }
};

}  // namespace

TEST_CASE("a rate comes back with time", "[exec]") {
    Inside agent({{"command", R"(["/bin/true"])"}, {"rate", "2/1 min"}});
    for (int i = 0; i < 3; ++i) agent.publish();
    CHECK(agent.until("succeeded", 2));
    CHECK(agent.job()["dropped"]["rate"] == 1);
    agent.advance(29s);
    agent.publish();
    CHECK(agent.job()["dropped"]["rate"] == 2);
    agent.advance(1s);
    agent.publish();
    CHECK(agent.until("succeeded", 3));
}

TEST_CASE("a program is ended when its time is over, and not before", "[exec]") {
    Inside agent({{"command", R"(["/bin/sleep", "1000"])"}, {"timeout", "1 min"}});
    agent.publish();
    agent.advance(59s);
    CHECK(agent.job()["running"] == 1);
    agent.advance(1s);
    CHECK(agent.until("timedOut", 1));
    CHECK(agent.job()["running"] == 0);
    CHECK(agent.log().find("it had not ended after 1 min, and was ended") != std::string::npos);
}

TEST_CASE("a program that failed is run again after a delay that doubles", "[exec]") {
    Inside agent({{"command", R"(["/bin/false"])"}, {"retries", "2"}, {"retry-delay", "10 s"}});
    agent.publish();
    CHECK(agent.until("failed", 1));
    agent.advance(9s);
    CHECK(agent.job()["started"] == 1);
    agent.advance(1s);
    CHECK(agent.until("failed", 2));
    agent.advance(19s);
    CHECK(agent.job()["started"] == 2);
    agent.advance(1s);
    CHECK(agent.until("failed", 3));
    agent.advance(10min);
    CHECK(agent.job()["started"] == 3);
    CHECK(agent.failures() == 0);
}
