// What the commands of the module `clients` answer out of its table. A client that is not in it is an error.
#pragma once

#include <string>

#include "agent/api/command.hpp"
#include "agent/modules/clients/client_table.hpp"

namespace clacks {

CommandResult client_list(const ClientTable& table);
CommandResult methods_of(const ClientTable& table, const std::string& id);
CommandResult network_of(const ClientTable& table, const std::string& id);
CommandResult users_of(const ClientTable& table, const std::string& id);
CommandResult all_users(const ClientTable& table);
CommandResult clients_of(const ClientTable& table, const std::string& user);

rpc::Error unknown_client(const std::string& id);
// The request that a client gets, JSON-RPC 2.0; `arguments` may be null.
std::string request_of(const std::string& method, const nlohmann::json& arguments);
// What it answered, for the caller of clientDispatch.
CommandResult result_of(const Result<std::string, Diagnostic>& reply);

}  // namespace clacks
