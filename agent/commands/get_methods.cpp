#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "agent/commands/bodies.hpp"
#include "common/base/text.hpp"
#include "common/rpc/error_codes.hpp"

namespace clacks::commands {

namespace {

using nlohmann::json;

const char* type_name(CommandType type) {
    switch (type) {
        case CommandType::normal:
            return "NORMAL";
        case CommandType::first_result:
            return "FIRSTRESULT";
        case CommandType::cumulative:
            return "CUMULATIVE";
    }
    return "";
}

json describe(const CommandRegistry::Entry& entry, const std::string& node) {
    json signature = json::array();
    for (const rpc::Parameter& parameter : entry.spec.parameters) signature.push_back(parameter.name);
    return {{"path", entry.provider + "." + entry.spec.name},
            {"target", entry.provider},
            {"sig", signature},
            {"type", type_name(entry.spec.type)},
            {"needsQueue", entry.spec.needs_queue},
            {"doc", entry.spec.documentation},
            {"provider", json::array({node})}};
}

// The core's queue finds every command.
constexpr const char* kEveryQueue = "core";

std::optional<rpc::Error> check_queue(const std::string& queue,
                                      const std::vector<CommandRegistry::Entry>& entries) {
    std::vector<std::string> known{kEveryQueue};
    for (const CommandRegistry::Entry& entry : entries) known.push_back(entry.provider);
    if (std::find(known.begin(), known.end(), queue) != known.end()) return std::nullopt;
    const std::string near = nearest(queue, known);
    return rpc::Error{
        rpc::kInvalidParameters,
        "no command has the queue '" + one_line(queue, 60) + "'" +
            (near.empty() ? "; leave it out to see them all" : "; did you mean '" + near + "'?"),
        nullptr};
}

}  // namespace

CommandBody get_methods(const CommandRegistry& registry, const CoreServices& services) {
    return [&registry, node = services.node,
            prefix = services.domain + ".command."](const Call& call) -> CommandResult {
        const json& given = call.parameters->at(0);
        std::string queue = given.is_string() ? given.get<std::string>() : kEveryQueue;
        if (queue.starts_with(prefix)) queue.erase(0, prefix.size());
        const auto entries = registry.list();
        if (auto problem = check_queue(queue, entries)) return *std::move(problem);
        json out = json::object();
        for (const CommandRegistry::Entry& entry : entries) {
            if (queue == kEveryQueue || queue == entry.provider) out[entry.spec.name] = describe(entry, node);
        }
        return out;
    };
}

CommandBody get_session_user() {
    return [](const Call& call) -> CommandResult { return json(call.user); };
}

}  // namespace clacks::commands
