// The managed machines, as far as they have told of themselves. A client that left or fell silent stays,
// offline and without its sessions, until it is forgotten.
//
// Clients with the same software share one list of methods, so that a client costs its name and its network.
// Not thread safe.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "common/base/clock.hpp"

namespace clacks {

// Addresses that it lacks are "".
struct NetworkDevice {
    std::string name, ip_address, ipv6_address, mac, netmask, broadcast;
};

struct ClientMethod {
    std::string name, path, signature, documentation;
    friend bool operator<(const ClientMethod& a, const ClientMethod& b) {
        return std::tie(a.name, a.path, a.signature, a.documentation) <
               std::tie(b.name, b.path, b.signature, b.documentation);
    }
};
using ClientMethods = std::vector<ClientMethod>;

struct ClientState {
    std::string user;  // of the bus, who sent its announcement: its requests go to no one else
    std::string name;  // "" until an announcement or a signature told it
    bool online = false;
    std::vector<NetworkDevice> network;
    std::shared_ptr<const ClientMethods> methods;  // null: none told yet
    std::vector<std::string> users;                // who is logged on
    WallTime received;                             // when it was heard last
    SteadyTime heard;
};

class ClientTable {
  public:
    struct Moment {
        WallTime wall;
        SteadyTime steady;
    };
    enum class Change { none, online, offline, full };

    explicit ClientTable(std::size_t capacity = 100'000) : capacity_(capacity) {}

    // Each is a sign of life. `full`: there is no room for one more client, and nothing was kept.
    Change announce(const std::string& id, std::string user, std::string name,
                    std::vector<NetworkDevice> network, Moment now);
    Change sign(const std::string& id, std::string name, ClientMethods methods, Moment now);
    Change ping(const std::string& id, Moment now);
    Change log_on(const std::string& id, std::vector<std::string> users, Moment now);
    Change leave(const std::string& id);
    // Takes clients offline that were silent for that time, and tells which.
    std::vector<std::string> expire(SteadyTime now, std::chrono::milliseconds silence);
    // Removes clients that are offline and were heard last so long ago.
    void forget(SteadyTime now, std::chrono::milliseconds age);

    const ClientState* find(std::string_view id) const;
    const std::map<std::string, ClientState, std::less<>>& clients() const { return clients_; }

  private:
    ClientState* heard(const std::string& id, Moment now, Change& change);
    void set_methods(ClientState& client, ClientMethods methods);
    void drop_methods(ClientState& client);

    std::size_t capacity_;
    std::map<std::string, ClientState, std::less<>> clients_;
    struct ByValue {
        bool operator()(const auto& a, const auto& b) const { return *a < *b; }
    };
    std::set<std::shared_ptr<const ClientMethods>, ByValue> methods_;  // each list once
};

}  // namespace clacks
