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

}  // namespace clacks
