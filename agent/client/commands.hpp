// What a client does when it is asked through its own queue: JSON-RPC as the agent speaks it.
// Not thread safe.
#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "agent/client/documents.hpp"
#include "common/rpc/error.hpp"
#include "common/rpc/parameter.hpp"

namespace clacks::machine {

class Commands {
  public:
    // Gets the parameters in their order, checked.
    using Body = std::function<Result<nlohmann::json, rpc::Error>(const nlohmann::json& parameters)>;

    void add(std::string name, std::vector<rpc::Parameter> parameters, std::string documentation, Body body);
    // For ClientSignature.
    std::vector<Method> methods() const;
    // The answer to a request or a batch, JSON text; "" where nothing is to be answered.
    std::string answer(const std::string& body) const;

  private:
    struct Command {
        std::string name;
        std::vector<rpc::Parameter> parameters;
        std::string documentation;
        Body body;
    };
    Result<nlohmann::json, rpc::Error> run(const std::string& method, const nlohmann::json& parameters) const;

    std::vector<Command> commands_;
};

}  // namespace clacks::machine
