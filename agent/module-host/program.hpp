// The module's process: one module in the same host that the agent has, with the agent's services had from
// afar.
//
// main() runs what the agent asks for in order, on the main thread; so a module that hangs answers no ping.
// The reader's thread brings events, calls and answers to the module's own.
#pragma once

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "agent/module-host/remote_services.hpp"
#include "agent/modules/host.hpp"
#include "agent/pipeline/expressions.hpp"

namespace clacks {

class ModuleProgram {
  public:
    // The socket is the agent's other end; the file a module's.
    ModuleProgram(int socket, std::filesystem::path file);
    // Until the agent has it stopped, or has gone. The exit status.
    int run();

  private:
    void read();
    void take(wire::Frame frame);
    wire::Frame next();
    nlohmann::json done(const wire::Frame& frame);
    nlohmann::json describe(const nlohmann::json& head);
    nlohmann::json configure(const nlohmann::json& head);
    void log(ModuleLogLevel level, const std::string& text);

    const std::filesystem::path file_;
    const std::string name_;
    Link link_;
    RemoteEvents events_{link_};
    RemoteSubscriptions subscriptions_{link_};
    RemoteCommands commands_{link_};
    RemoteIntakes intakes_{link_};
    RemoteRequests requests_{link_};
    Counters counters_;
    const HostServices services_{events_,        subscriptions_, commands_, counters_,
                                 system_clock(), &intakes_,      &requests_};
    std::optional<FilterExpressions> expressions_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<wire::Frame> asked_;
    bool over_ = false;
    ModuleHost host_;
};

}  // namespace clacks
