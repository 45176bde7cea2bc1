#include "agent/modules/clients/client_answers.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "common/base/text.hpp"
#include "common/rpc/error_codes.hpp"

namespace clacks {

namespace {

using nlohmann::json;

// "a,b" as ["a", "b"].
json words(const std::string& text) {
    json out = json::array();
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find(',', at), text.size());
        out.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return out;
}

}  // namespace

rpc::Error unknown_client(const std::string& id) {
    return {rpc::kInvalidParameters,
            "client: there is no client '" + one_line(id, 60) + "'; getClients lists them", nullptr};
}

CommandResult client_list(const ClientTable& table) {
    json out = json::object();
    for (const auto& [id, client] : table.clients())
        out[id] = {{"name", client.name},
                   {"online", client.online},
                   {"received", std::chrono::duration<double>(client.received.time_since_epoch()).count()}};
    return out;
}

CommandResult methods_of(const ClientTable& table, const std::string& id) {
    const ClientState* client = table.find(id);
    if (!client) return unknown_client(id);
    json out = json::object();
    if (!client->methods) return out;
    for (const ClientMethod& method : *client->methods)
        out[method.name] = {
            {"path", method.path}, {"sig", words(method.signature)}, {"doc", method.documentation}};
    return out;
}

CommandResult network_of(const ClientTable& table, const std::string& id) {
    const ClientState* client = table.find(id);
    if (!client) return unknown_client(id);
    json out = json::object();
    for (const NetworkDevice& device : client->network)
        out[device.name] = {{"IPAddress", device.ip_address},
                            {"IPv6Address", device.ipv6_address},
                            {"MAC", device.mac},
                            {"Netmask", device.netmask},
                            {"Broadcast", device.broadcast}};
    return out;
}

CommandResult users_of(const ClientTable& table, const std::string& id) {
    const ClientState* client = table.find(id);
    if (!client) return unknown_client(id);
    return json(client->users);
}

CommandResult all_users(const ClientTable& table) {
    std::set<std::string> users;
    for (const auto& [id, client] : table.clients()) users.insert(client.users.begin(), client.users.end());
    return json(users);
}

CommandResult clients_of(const ClientTable& table, const std::string& user) {
    json out = json::array();
    for (const auto& [id, client] : table.clients())
        if (std::find(client.users.begin(), client.users.end(), user) != client.users.end())
            out.push_back(id);
    return out;
}

std::string request_of(const std::string& method, const nlohmann::json& arguments) {
    return json{{"jsonrpc", "2.0"},
                {"method", method},
                {"params", arguments.is_null() ? json::array() : arguments},
                {"id", 1}}
        .dump();
}

CommandResult result_of(const Result<std::string, Diagnostic>& reply) {
    if (!reply) return rpc::Error{rpc::kInternalError, to_string(reply.error()), nullptr};
    json answer = json::parse(*reply, nullptr, false);
    if (answer.is_object() && answer.contains("result")) return std::move(answer["result"]);
    const auto error = answer.is_object() ? answer.find("error") : answer.end();
    if (error == answer.end() || !error->is_object() || !error->contains("code") ||
        !(*error)["code"].is_number_integer() || !error->contains("message") ||
        !(*error)["message"].is_string())
        return rpc::Error{rpc::kInternalError, "the client's answer is no JSON-RPC 2.0 response", nullptr};
    return rpc::Error{(*error)["code"].get<int>(), "the client: " + (*error)["message"].get<std::string>(),
                      nullptr};
}

}  // namespace clacks
