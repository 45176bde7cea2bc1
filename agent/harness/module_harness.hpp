// For tests of modules: runs them in the agent's own pipeline and host, but without its bus. Events go in by
// publish(), what the modules send comes out by sent(), and the clock stands still until the test moves it.
//
//     ModuleHarness harness;
//     harness.set("mine", {{"interval", "5 s"}});
//     REQUIRE(harness.load("lib/mine.so").ok());
//     REQUIRE(harness.start().ok());
//     REQUIRE(harness.publish("<Event …").ok());
//     harness.settle();
//     CHECK(harness.sent("Answer").size() == 1);
//
// Programs outside the tree link Clacks::module-harness.
//
// Ownership: the harness has the modules; what it returns stays good after it. Thread safety: all calls but
// log(), sent(), subscriptions(), failures() and dropped() come from one thread.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "agent/api/module.hpp"

namespace clacks {

struct HarnessOptions {
    std::string node = "here";
    std::string domain = "org.clacks";
    // Event definitions; those of the modules are added.
    std::vector<std::filesystem::path> events{"/usr/share/clacks/events"};
    std::chrono::milliseconds status_interval{10000};
    std::chrono::milliseconds node_timeout{60000};
    std::size_t mailbox = 10000;  // messages that wait for a module: events of a subscription, others
    std::size_t mailbox_bytes = 16 * 1024 * 1024;  // of the others
    // What stands for the bus, if anything; must outlive the harness.
    Intakes* intakes = nullptr;
    ClientRequests* requests = nullptr;
    // Real time: what a command may take before it is answered with an error.
    std::chrono::milliseconds command_deadline{10000};
};

class __attribute__((visibility("default"))) ModuleHarness {
  public:
    explicit ModuleHarness(HarnessOptions options = {});
    ~ModuleHarness();  // stops
    ModuleHarness(const ModuleHarness&) = delete;
    ModuleHarness& operator=(const ModuleHarness&) = delete;

    Result<void, Diagnostic> add(std::unique_ptr<Module> module);
    // NAME.so, as the agent loads it, with NAME/events beside it.
    Result<void, Diagnostics> load(const std::filesystem::path& file);
    // The values of [module SECTION]; SECTION is "NAME" or "NAME INSTANCE".
    void set(const std::string& section, std::map<std::string, std::string> values);
    // Asks every module whether its settings will do, as --check does.
    Result<void, Diagnostics> configure();
    // The same, then reads the event definitions and starts the modules in the order of their adding.
    Result<void, Diagnostics> start();
    // In the opposite order. Idempotent.
    void stop();

    // As a client would; the problem is what the client would be told.
    Result<Published> publish(std::string document, std::string user = "tester");
    // The whole answer: {"result", "error", "id"}. `queue` is "core" or a module's name.
    nlohmann::json call(const std::string& method, nlohmann::json parameters = nlohmann::json::array(),
                        const std::string& queue = "core");
    // Moves the clock, lets timers that are due run, and settles.
    void advance(std::chrono::milliseconds time);
    // Returns when the modules have handled all events there are, those that they send each other included.
    // What they wait for at descriptors is not waited for.
    void settle();

    // The valid events that modules have sent so far, of this name or ("") all.
    std::vector<events::EventPtr> sent(std::string_view name = "") const;
    // All lines that modules or their host have logged, each "module NAME: …\n".
    std::string log() const;
    // Of modules, as the command getSubscriptions lists them.
    std::vector<SubscriptionInfo> subscriptions() const;
    // Exceptions out of modules.
    std::uint64_t failures() const;
    // Events and messages for modules that were lost: to a full mailbox, with a module's process, or at the
    // stop.
    std::uint64_t dropped() const;

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace clacks
