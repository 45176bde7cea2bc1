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
#include "agent/api/expression.hpp"
#include "agent/api/intake.hpp"
#include "agent/api/requests.hpp"
#include "common/base/clock.hpp"

namespace clacks {

// Raised with every incompatible change of anything in agent/api.
inline constexpr int kModuleApiVersion = 6;

// One key of a module's section, for the check of the file and for the module's page.
struct ModuleSetting {
    std::string key;   // "NAME.*" stands for all keys that begin with "NAME."
    std::string type;  // "string", "path", "duration", "size, bytes", "integer", "XQuery", …
    // The default as it would be written; "none" where there is none; "" where the key must be set.
    std::string fallback;
    std::string help;  // one sentence
};

// What the configuration says, and what every module may know of the agent. agent/api/settings_reader.hpp
// makes typed values of it.
struct ModuleSettings {
    std::map<std::string, std::string> values;                            // [module NAME]
    std::map<std::string, std::map<std::string, std::string>> instances;  // [module NAME INSTANCE]
    std::string node;                                                     // the agent's id
    std::string domain;
    std::chrono::milliseconds status_interval{};
    std::chrono::milliseconds node_timeout{};
    const Expressions* expressions = nullptr;  // outlives the module; the agent and the harness give it
};

// What a watched descriptor is waited for; that the other side has gone, or an error, counts as both.
enum class Ready { read, write };

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
    // The same for a command that others answer: the body returns at once, and `answer` is called later, from
    // any thread. A caller is told an error when it was not called within ten seconds, or was let go of.
    using LaterBody = std::function<void(const Call&, std::function<void(CommandResult)> answer)>;
    virtual Result<void, Diagnostic> command_later(CommandSpec spec, LaterBody body) = 0;
    // Asks a client (agent/api/requests.hpp). The callback comes on the module's thread, once: with the
    // answer, or with the error "client-away" or, when `patience` is over, "time-out".
    virtual void ask(ClientRequest request, std::chrono::milliseconds patience,
                     std::function<void(Result<std::string, Diagnostic>)> callback) = 0;
    // Calls back after the delay, again and again when `repeat`.
    virtual void timer(std::chrono::milliseconds delay, bool repeat, std::function<void()> callback) = 0;
    // Calls back whenever the descriptor is ready, so that a module needs no thread to wait for it. The
    // module keeps the descriptor, and calls unwatch() before it closes it. A second watch replaces the
    // first.
    virtual void watch(int descriptor, Ready ready, std::function<void()> callback) = 0;
    virtual void unwatch(int descriptor) = 0;
    // Opens an intake for messages of programs on this machine (agent/api/intake.hpp); the port, or why not.
    // The callback gets each message's body. Bodies wait in a mailbox, and when that is full the oldest go
    // and are counted. Lives until stop.
    virtual Result<std::uint16_t, Diagnostic> listen(Intake intake,
                                                     std::function<void(std::string)> callback) = 0;
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
    // The keys of [module NAME], and those of each [module NAME INSTANCE], for a module that does the same
    // thing several times; the agent refuses others, and a section without one that must be set, before it
    // asks configure().
    virtual std::vector<ModuleSetting> keys() const { return {}; }
    virtual std::vector<ModuleSetting> instance_keys() const { return {}; }
    // All that is wrong with the values, each with its section ("[module NAME INSTANCE]"; "" is the module's
    // own) as the Diagnostic's source and its key as the path, so that the agent can tell the line.
    virtual Result<void, Diagnostics> configure(const ModuleSettings&) { return {}; }
    virtual void start(ModuleContext&) {}
    virtual void stop() {}
};

}  // namespace clacks

// Exported by a loadable module: CLACKS_MODULE(MyModule) at namespace scope of one source file.
// NOLINTBEGIN(bugprone-macro-parentheses): a type in parentheses is none
#define CLACKS_MODULE(Type)                                                                      \
    extern "C" __attribute__((visibility("default"))) int clacks_module_api_version() {          \
        return ::clacks::kModuleApiVersion;                                                      \
    }                                                                                            \
    extern "C" __attribute__((visibility("default"))) ::clacks::Module* clacks_module_create() { \
        return new Type();                                                                       \
    }
// NOLINTEND(bugprone-macro-parentheses)
