// A command is one declaration plus a body. The registry checks a call against the declaration before
// the body runs; getMethods, NodeCapabilities and help are made from the same declaration.
#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "common/rpc/error.hpp"
#include "common/rpc/parameter.hpp"

namespace clacks {

// How a domain with several providers runs a command: here or on the least loaded provider, on the
// first provider that answers without an error, or on all of them with a dictionary of the answers.
enum class CommandType { normal, first_result, cumulative };

struct Call {
    std::string user;  // authenticated
    std::string method;
    std::string queue;  // the queue's name part of the address: "core", or a module's name
    nlohmann::json* parameters =
        nullptr;                // an array in the order of the declaration, checked, defaults filled in
    bool original_form = true;  // {"method","params","id"} rather than JSON-RPC 2.0
    std::vector<std::pair<std::string, std::string>> message_properties;
};

using CommandResult = Result<nlohmann::json, rpc::Error>;
using CommandBody = std::function<CommandResult(const Call&)>;

struct CommandSpec {
    std::string name;
    std::vector<rpc::Parameter> parameters;
    std::string documentation;  // one sentence
    CommandType type = CommandType::normal;
    bool needs_user = false;
    bool needs_queue = false;
    std::string result;     // what comes back, in words
    bool may_wait = false;  // loads files or talks to others: not to be run on the bus thread
};

class CommandRegistry {
  public:
    virtual ~CommandRegistry() = default;
    // A second command of the same name is an error that names both providers.
    virtual Result<void, Diagnostic> add(std::string provider, CommandSpec spec, CommandBody body) = 0;
    virtual void remove(const std::string& provider) = 0;
    struct Entry {
        std::string provider;  // "core" or a module's name
        CommandSpec spec;
    };
    virtual std::vector<Entry> list() const = 0;
};

}  // namespace clacks
