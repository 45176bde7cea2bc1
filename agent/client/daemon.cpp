#include "agent/client/daemon.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "agent/client/identity.hpp"
#include "agent/client/notify.hpp"
#include "common/base/text.hpp"
#include "common/client/backoff.hpp"
#include "common/log/log.hpp"
#include "common/rpc/error_codes.hpp"
#include "common/service/service_manager.hpp"

namespace clacks::machine {

namespace {

constexpr const char* kFilter = "exists(./e:Event/e:ClientPoll)";
// For the last event and the peer's farewell.
constexpr std::chrono::seconds kStopTime(5);

SteadyTime now() {
    return system_clock().steady();
}

}  // namespace

Daemon::Daemon(const Settings& settings, client::Endpoint endpoint, const sigset_t& signals)
    : identity_{settings.id, settings.name},
      notify_(settings.notify),
      endpoint_(std::move(endpoint)),
      loop_(signals),
      presence_(settings.ping_interval, settings.answer_window, client::uniform_random()),
      sessions_(
          {[this] { tell_users(); }, [](const Diagnostic& why) { log::problem(log::Level::Warning, why); }}),
      watchdog_(service_manager::watchdog_time()) {
    add_commands();
}

int Daemon::run() {
    connector_ = std::make_unique<Connector>(endpoint_, identity_.id, kFilter, events());
    service_manager::ready("not connected yet");
    const int number = loop_.run([this] { return tick(); });
    service_manager::stopping(kStopTime);
    connector_->publish(leave(identity_));
    connector_.reset();
    return number;
}

// What the connection tells is done on the loop's thread.
Connector::Events Daemon::events() {
    Connector::Events events;
    events.link.connected = [this] {
        loop_.post([this] {
            const std::string at = "connected to " + endpoint_.url.shown();
            log::info(at, {"connected", "", {}});
            service_manager::status(at);
            presence_.connected(now());
        });
    };
    events.link.received = [this](const ReceivedEvent&) { loop_.post([this] { presence_.polled(now()); }); };
    events.link.requested = [this](std::string body, client::MachineEvents::Reply reply) {
        loop_.post(
            [this, body = std::move(body), reply = std::move(reply)] { reply(commands_.answer(body)); });
    };
    events.link.refused = [](const std::string& why) {
        log::warning("refused: " + why, {"refused", "", {}});
    };
    events.disconnected = [this](const std::string& why) {
        loop_.post([this, why] {
            log::warning("not connected, trying again: " + why, {"disconnected", "", {}});
            service_manager::status("not connected: " + why);
            presence_.disconnected();
        });
    };
    return events;
}

void Daemon::add_commands() {
    commands_.add("announce", {}, "Announces the client anew, and shows that it is there.",
                  [this](const nlohmann::json&) -> Result<nlohmann::json, rpc::Error> {
                      announce();
                      return nlohmann::json(true);
                  });
    commands_.add("getNetworkInfo", {}, "Lists the client's network interfaces as they are now.",
                  [this](const nlohmann::json&) { return network_info(); });
    commands_.add("getUserSessions", {}, "Lists the users who are logged on now.",
                  [this](const nlohmann::json&) -> Result<nlohmann::json, rpc::Error> {
                      return nlohmann::json(sessions_.users());
                  });
    if (notify_.empty()) return;
    const auto text = [](const char* name, const char* documentation) {
        return rpc::Parameter{name, rpc::ParameterType::string, true, documentation};
    };
    commands_.add("notifyUser",
                  {text("user", "the user's name"), text("title", "a few words"),
                   text("message", "what the user is told")},
                  "Tells something to a user who is logged on.",
                  [this](const nlohmann::json& given) { return notify_user(given); });
}

std::optional<SteadyTime> Daemon::tick() {
    switch (presence_.take(now())) {
        case Presence::Due::announcement:
            announce();
            break;
        case Presence::Due::ping:
            publish(ping(identity_));
            break;
        case Presence::Due::nothing:
            break;
    }
    SteadyTime next = std::min(presence_.next().value_or(SteadyTime::max()), look_at_sessions());
    if (watchdog_.count() == 0) return next;
    if (now() >= alive_at_) {
        service_manager::alive();
        alive_at_ = now() + watchdog_ / 3;
    }
    return std::min(next, alive_at_);
}

SteadyTime Daemon::look_at_sessions() {
    const SteadyTime next = sessions_.process(now());
    loop_.watch(sessions_.descriptor(), sessions_.poll_events());
    return next;
}

void Daemon::announce() {
    if (const auto network = network_devices())
        publish(announcement(identity_, *network));
    else
        log::problem(log::Level::Warning, network.error());
    publish(signature(identity_, commands_.methods()));
    tell_users();
}

void Daemon::tell_users() {
    publish(user_session(identity_, sessions_.users()));
}

// What is lost with the connection is told anew with the next one.
void Daemon::publish(const std::string& document) {
    connector_->publish(document);
}

Result<nlohmann::json, rpc::Error> Daemon::network_info() const {
    const auto network = network_devices();
    if (!network) return rpc::Error{rpc::kInternalError, to_string(network.error()), nullptr};
    nlohmann::json out = nlohmann::json::object();
    for (const NetworkDevice& device : *network)
        out[device.name] = {{"IPAddress", device.ip_address},
                            {"IPv6Address", device.ipv6_address},
                            {"MAC", device.mac},
                            {"Netmask", device.netmask},
                            {"Broadcast", device.broadcast}};
    return out;
}

Result<nlohmann::json, rpc::Error> Daemon::notify_user(const nlohmann::json& given) const {
    const std::string user = given[0];
    if (!std::binary_search(sessions_.users().begin(), sessions_.users().end(), user))
        return rpc::Error{rpc::kInvalidParameters, "user: '" + one_line(user, 60) + "' is not logged on",
                          nullptr};
    if (const auto started = notify(notify_, user, given[1], given[2]); !started)
        return rpc::Error{rpc::kInternalError, to_string(started.error()), nullptr};
    return nlohmann::json(true);
}

}  // namespace clacks::machine
