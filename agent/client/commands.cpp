#include "agent/client/commands.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "common/base/text.hpp"
#include "common/rpc/error_codes.hpp"
#include "common/rpc/request.hpp"

namespace clacks::machine {

void Commands::add(std::string name, std::vector<rpc::Parameter> parameters, std::string documentation,
                   Body body) {
    commands_.push_back({std::move(name), std::move(parameters), std::move(documentation), std::move(body)});
}

std::vector<Method> Commands::methods() const {
    std::vector<Method> list;
    list.reserve(commands_.size());
    for (const Command& command : commands_) {
        std::string names;
        for (const rpc::Parameter& parameter : command.parameters)
            names += (names.empty() ? "" : ",") + parameter.name;
        list.push_back({command.name, std::move(names), command.documentation});
    }
    return list;
}

Result<nlohmann::json, rpc::Error> Commands::run(const std::string& method,
                                                 const nlohmann::json& parameters) const {
    const auto found = std::find_if(commands_.begin(), commands_.end(),
                                    [&](const Command& command) { return command.name == method; });
    if (found == commands_.end())
        return rpc::Error{
            rpc::kMethodNotFound,
            "this client has no method '" + one_line(method, 60) + "'; getClientMethods lists them", nullptr};
    auto checked = rpc::check_parameters(method, found->parameters, parameters);
    if (!checked) return std::move(checked).error();
    return found->body(*checked);
}

std::string Commands::answer(const std::string& body) const {
    const rpc::Requests requests = rpc::read_requests(body);
    nlohmann::json answers = nlohmann::json::array();
    for (const rpc::Request& request : requests.list) {
        auto result = request.error ? Result<nlohmann::json, rpc::Error>(*request.error)
                                    : run(request.method, request.parameters);
        if (request.notification) continue;
        answers.push_back(result ? rpc::answer(request, std::move(*result))
                                 : rpc::answer(request, result.error()));
    }
    if (answers.empty()) return {};
    return (requests.batch ? answers : answers.front())
        .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace clacks::machine
