// Runs modules: gives each its thread, its mailbox and what it may use, and keeps its failures to itself.
//
// Thread safety: add, configure, start and stop come from one thread.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "agent/api/module.hpp"
#include "agent/modules/found_module.hpp"
#include "agent/telemetry/counters.hpp"

namespace clacks {

enum class ModuleLogLevel { info, warning };

struct HostOptions {
    std::string node;  // the agent's id
    std::string domain;
    std::chrono::milliseconds status_interval{10000};
    std::chrono::milliseconds node_timeout{60000};
    // By "NAME" of [module NAME], or "NAME INSTANCE" of [module NAME INSTANCE], and by key.
    std::map<std::string, std::map<std::string, std::string>> settings;
    const Expressions* expressions = nullptr;  // for ModuleSettings
    std::size_t mailbox =
        10000;  // events that wait for one subscription of a module, or messages of an intake
    std::size_t mailbox_bytes = 16 * 1024 * 1024;  // of the messages that wait
    // A command that a module has not answered by then is answered with an error.
    std::chrono::milliseconds command_deadline{10000};
    std::function<void(ModuleLogLevel, const std::string&)> log;  // from any thread; may be empty
};

// The module of such a section.
std::string module_of(const std::string& section);

// What the host itself uses; everything must outlive it.
struct HostServices {
    EventSink& events;
    Subscriptions& subscriptions;
    CommandRegistry& commands;
    Counters& counters;
    const Clock& clock;
    Intakes* intakes = nullptr;          // null where there is no bus: listen() then fails
    ClientRequests* requests = nullptr;  // likewise: every client is away
};

class ModuleHost {
  public:
    ModuleHost();
    ~ModuleHost();  // stops
    ModuleHost(const ModuleHost&) = delete;
    ModuleHost& operator=(const ModuleHost&) = delete;

    // Fails where another module has the name.
    Result<void, Diagnostic> add(FoundModule found);
    // Of all modules that have one: the module's word, or else what was found beside its file.
    std::vector<std::filesystem::path> events_folders() const;
    // Asks every module whether its settings will do. Also for a check without a start. A problem has
    // "[module NAME]" as its source and the key as its path, as far as it is about one.
    Result<void, Diagnostics> configure(const HostOptions& options);
    // Starts the modules in the order of their adding, then lets their callbacks, timers and commands run.
    // Fails, and has none running, when one throws.
    Result<void, Diagnostics> start(const HostServices& services);
    // Stops them in the opposite order. Idempotent.
    void stop();
    // For clocks that do not run by themselves: modules look at their timers again; returns when those that
    // are due have run.
    void pass();
    // In the order of their adding.
    std::vector<std::string> names() const;

  private:
    class Hosted;
    HostOptions options_;
    std::vector<std::unique_ptr<Hosted>> modules_;
};

}  // namespace clacks
