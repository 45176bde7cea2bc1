#include <nlohmann/json.hpp>

#include "agent/commands/bodies.hpp"

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

}  // namespace

CommandBody get_methods(const CommandRegistry& registry, const CoreServices& services) {
    return [&registry, node = services.node](const Call& call) -> CommandResult {
        const json& queue = call.parameters->at(0);
        json out = json::object();
        for (const CommandRegistry::Entry& entry : registry.list()) {
            if (queue.is_string() && queue != entry.provider) continue;
            out[entry.spec.name] = describe(entry, node);
        }
        return out;
    };
}

CommandBody get_session_user() {
    return [](const Call& call) -> CommandResult { return json(call.user); };
}

}  // namespace clacks::commands
