// Calls of the agent's commands by the command line.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "common/cli/command.hpp"
#include "common/client/amqp_service_proxy.hpp"

namespace clacks::cli {

ServiceOptions service_options(const Common& common);

// One call over a connection of its own.
Result<nlohmann::json, rpc::Error> call(const Common& common, const std::string& method,
                                        const nlohmann::json& parameters = nlohmann::json::array());

// Calls, then writes the result: as JSON where that is wanted, else as `shown` makes it. Returns the exit
// status.
int call_and_show(const Common& common, const std::string& method,
                  const std::function<std::string(const nlohmann::json&)>& shown);

}  // namespace clacks::cli
