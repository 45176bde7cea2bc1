// clacks-client between its start and its end: announces the machine, shows that it lives, does what it is
// asked.
#pragma once

#include <signal.h>

#include "agent/client/commands.hpp"
#include "agent/client/connector.hpp"
#include "agent/client/loop.hpp"
#include "agent/client/presence.hpp"
#include "agent/client/sessions.hpp"
#include "agent/client/settings.hpp"

namespace clacks::machine {

class Daemon {
  public:
    Daemon(const Settings& settings, client::Endpoint endpoint, const sigset_t& signals);
    // Serves until one of the signals comes; its number.
    int run();

  private:
    Connector::Events events();
    void add_commands();
    std::optional<SteadyTime> tick();
    SteadyTime look_at_sessions();
    void announce();
    void tell_users();
    void publish(const std::string& document);
    Result<nlohmann::json, rpc::Error> network_info() const;
    Result<nlohmann::json, rpc::Error> notify_user(const nlohmann::json& given) const;

    const Identity identity_;
    const std::filesystem::path notify_;
    const client::Endpoint endpoint_;
    Loop loop_;
    Presence presence_;
    Commands commands_;
    Sessions sessions_;
    std::chrono::milliseconds watchdog_;
    SteadyTime alive_at_;
    std::unique_ptr<Connector> connector_;  // while run() runs
};

}  // namespace clacks::machine
