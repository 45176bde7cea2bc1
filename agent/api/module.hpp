// A module: a name, a folder of event definitions, XQuery subscriptions with callbacks, commands.
//
// Life: constructed (does nothing) → configure → start → callbacks → stop → destroyed. From start on all
// calls, callbacks, timers and command bodies of one module come on one thread of its own, one at a time,
// so a module needs no locks; what comes before runs on the thread that starts the agent. An exception out
// of any of them is caught, counted and logged with the event's id, and disturbs nobody else; out of
// configure() or start() it stops the agent's start.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "agent/api/command.hpp"
#include "agent/api/events.hpp"
#include "common/base/clock.hpp"

namespace clacks {

// Raised with every incompatible change of anything in agent/api.
inline constexpr int kModuleApiVersion = 2;

// Settings of the config section [module NAME], and what every module may know of the agent.
struct ModuleSettings {
    std::map<std::string, std::string> values;
    std::string node;  // the agent's id
    std::string domain;
    std::chrono::milliseconds status_interval{};
    std::chrono::milliseconds node_timeout{};
};

// What a running module is given; valid from start() until stop() returns.
class ModuleContext {
  public:
    virtual ~ModuleContext() = default;
    virtual const ModuleSettings& settings() const = 0;
    virtual const Clock& clock() const = 0;
    // Sends an event as the agent. Thread safe.
    virtual Result<Published> send(std::string document) = 0;
    // The callback gets each event for which the XQuery is true. Lives until stop.
    virtual Result<void, Diagnostics> subscribe(std::string xquery,
                                                std::function<void(const EventMessage&)> callback) = 0;
    virtual Result<void, Diagnostic> command(CommandSpec spec, CommandBody body) = 0;
    // Calls back after the delay, again and again when `repeat`.
    virtual void timer(std::chrono::milliseconds delay, bool repeat, std::function<void()> callback) = 0;
    // All commands of the agent, for announcements.
    virtual std::vector<CommandRegistry::Entry> commands() const = 0;
    virtual void log_info(std::string_view text) = 0;
    virtual void log_warning(std::string_view text) = 0;
};

class Module {
  public:
    virtual ~Module() = default;
    virtual std::string_view name() const = 0;
    // Folder of the module's own XSDs, "" for none.
    virtual std::filesystem::path events_folder() const { return {}; }
    // The keys of [module NAME]; the agent refuses others before it asks configure().
    virtual std::vector<std::string> keys() const { return {}; }
    // All that is wrong with the values, each with its key as the Diagnostic's path, so that the agent can
    // tell the line.
    virtual Result<void, Diagnostics> configure(const ModuleSettings&) { return {}; }
    virtual void start(ModuleContext&) {}
    virtual void stop() {}
};

}  // namespace clacks

// Exported by a loadable module: CLACKS_MODULE(MyModule) at namespace scope of one source file.
#define CLACKS_MODULE(Type)                                                                      \
    extern "C" __attribute__((visibility("default"))) int clacks_module_api_version() {          \
        return ::clacks::kModuleApiVersion;                                                      \
    }                                                                                            \
    extern "C" __attribute__((visibility("default"))) ::clacks::Module* clacks_module_create() { \
        return new Type();                                                                       \
    }
