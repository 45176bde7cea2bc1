// The module in the agent's pipeline: events go in, events come out. Arguments: missed-calls.so, event
// definitions.
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>

#include "agent/harness/module_harness.hpp"
#include "common/events/event_maker.hpp"
#include "common/events/fields.hpp"

namespace {

using namespace clacks;

void expect(bool condition, const std::string& what) {
    if (condition) return;
    std::fprintf(stderr, "failed: %s\n", what.c_str());
    std::exit(1);
}

void call(ModuleHarness& harness, const std::string& status) {
    EventMaker e;
    const auto published = harness.publish(
        e("Event", e("PhoneStatus", e("CallerId", "1"), e("ReceiverId", "2"), e("Status", status))).str());
    expect(published.ok(), "the agent takes PhoneStatus");
    harness.settle();
}

}  // namespace

int main(int count, char** arguments) {
    expect(count == 3, "usage: missed-calls-test MODULE EVENTS");
    HarnessOptions options;
    options.events = {arguments[2]};
    ModuleHarness harness(options);
    const auto loaded = harness.load(arguments[1]);
    expect(loaded.ok(), loaded ? "" : to_string(loaded.error()));

    harness.set("missed-calls", {{"times", "0"}});
    expect(!harness.configure().ok(), "0 times is refused");
    harness.set("missed-calls", {{"times", "2"}});
    const auto started = harness.start();
    expect(started.ok(), started ? "" : to_string(started.error()));

    for (const char* status : {"missed", "answered", "missed"}) call(harness, status);
    expect(harness.sent("CallsMissed").empty(), "an answered call begins anew");
    call(harness, "missed");
    expect(harness.call("getMissedCalls")["result"] == nlohmann::json{{"2", 2}},
           "the command tells two calls");
    const auto sent = harness.sent("CallsMissed");
    expect(sent.size() == 1, "CallsMissed is sent");
    expect(events::field(*sent[0], "ReceiverId") == "2", "CallsMissed tells the telephone");
}
