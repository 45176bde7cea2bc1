#include "agent/modules/clients/client_table.hpp"

#include <utility>

namespace clacks {

namespace {

void take_offline(ClientState& client) {
    client.online = false;
    client.users.clear();
    client.users.shrink_to_fit();
}

}  // namespace

ClientState* ClientTable::heard(const std::string& id, Moment now, Change& change) {
    auto at = clients_.find(id);
    if (at == clients_.end()) {
        if (clients_.size() >= capacity_) {
            change = Change::full;
            return nullptr;
        }
        at = clients_.try_emplace(id).first;
    }
    ClientState& client = at->second;
    change = client.online ? Change::none : Change::online;
    client.online = true;
    client.received = now.wall;
    client.heard = now.steady;
    return &client;
}

ClientTable::Change ClientTable::announce(const std::string& id, std::string user, std::string name,
                                          std::vector<NetworkDevice> network, Moment now) {
    Change change{};
    if (ClientState* client = heard(id, now, change)) {
        client->user = std::move(user);
        client->name = std::move(name);
        client->network = std::move(network);
    }
    return change;
}

ClientTable::Change ClientTable::sign(const std::string& id, std::string name, ClientMethods methods,
                                      Moment now) {
    Change change{};
    if (ClientState* client = heard(id, now, change)) {
        client->name = std::move(name);
        set_methods(*client, std::move(methods));
    }
    return change;
}

ClientTable::Change ClientTable::ping(const std::string& id, Moment now) {
    Change change{};
    heard(id, now, change);
    return change;
}

ClientTable::Change ClientTable::log_on(const std::string& id, std::vector<std::string> users, Moment now) {
    Change change{};
    if (ClientState* client = heard(id, now, change)) client->users = std::move(users);
    return change;
}

ClientTable::Change ClientTable::leave(const std::string& id) {
    const auto at = clients_.find(id);
    if (at == clients_.end() || !at->second.online) return Change::none;
    take_offline(at->second);
    return Change::offline;
}

std::vector<std::string> ClientTable::expire(SteadyTime now, std::chrono::milliseconds silence) {
    std::vector<std::string> gone;
    for (auto& [id, client] : clients_) {
        if (!client.online || now - client.heard < silence) continue;
        take_offline(client);
        gone.push_back(id);
    }
    return gone;
}

void ClientTable::forget(SteadyTime now, std::chrono::milliseconds age) {
    for (auto at = clients_.begin(); at != clients_.end();) {
        ClientState& client = at->second;
        if (client.online || now - client.heard < age) {
            ++at;
            continue;
        }
        drop_methods(client);
        at = clients_.erase(at);
    }
}

const ClientState* ClientTable::find(std::string_view id) const {
    const auto at = clients_.find(id);
    return at == clients_.end() ? nullptr : &at->second;
}

void ClientTable::set_methods(ClientState& client, ClientMethods methods) {
    auto list = *methods_.insert(std::make_shared<const ClientMethods>(std::move(methods))).first;
    drop_methods(client);
    client.methods = std::move(list);
}

// The list goes with the last client that has it.
void ClientTable::drop_methods(ClientState& client) {
    if (client.methods && client.methods.use_count() == 2) methods_.erase(client.methods);
    client.methods.reset();
}

}  // namespace clacks
