#include <nlohmann/json.hpp>

#include "agent/commands/bodies.hpp"
#include "common/rpc/error_codes.hpp"

namespace clacks::commands {

namespace {

using nlohmann::json;

int code_of(const Diagnostic& problem) {
    if (problem.code == "event-unknown") return rpc::kUnknownEvent;
    if (problem.code == "not-permitted") return rpc::kNotPermitted;
    if (problem.code == "agent-stopping") return rpc::kStopping;
    if (problem.code.ends_with("-limit")) return rpc::kBeyondLimit;
    return rpc::kInvalidEvent;
}

rpc::Error refused(const Diagnostic& problem) {
    json data = {{"code", problem.code},
                 {"line", problem.line},
                 {"column", problem.column},
                 {"path", problem.path},
                 {"expected", problem.expected}};
    return {code_of(problem), to_string(problem), std::make_shared<const json>(std::move(data))};
}

}  // namespace

CommandBody send_event(const CoreServices& services) {
    return [&events = services.events](const Call& call) -> CommandResult {
        Publication publication;
        publication.document = call.parameters->at(0).get<std::string>();
        publication.user = call.user;
        const auto published = events.publish(std::move(publication));
        if (!published) return refused(published.error());
        if (call.original_form) return json(true);
        return json{{"id", published->id}, {"matched", published->matched}};
    };
}

}  // namespace clacks::commands
