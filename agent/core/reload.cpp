#include "agent/core/reload.hpp"

#include <nlohmann/json.hpp>

#include "common/log/log.hpp"
#include "common/rpc/error_codes.hpp"

namespace clacks {

void tell(const Reloaded& reloaded) {
    for (const config::Change& change : reloaded.changes) {
        if (change.live)
            log::info(to_string(change), {"setting-changed", {}, {}});
        else
            log::warning(to_string(change) + " in the configuration; restart the agent to let it take effect",
                         {"restart-needed", {}, {}});
    }
    log::info("reloaded: " + std::to_string(reloaded.events) + " event definitions", {"reloaded", {}, {}});
}

CommandSpec reload_command() {
    CommandSpec spec;
    spec.name = "reload";
    spec.documentation =
        "Reads the configuration, the event definitions and the certificate anew; with an error everything "
        "stays as it was.";
    spec.result =
        "an object with the number of events, the settings changed, and those that a restart would change";
    spec.needs_user = true;
    spec.may_wait = true;
    return spec;
}

CommandResult reload_answer(const Result<Reloaded, Diagnostics>& reloaded) {
    if (!reloaded) {
        nlohmann::json data = nlohmann::json::array();
        for (const Diagnostic& found : reloaded.error()) data.push_back(to_string(found));
        return rpc::Error{
            rpc::kNotReloaded,
            "not reloaded, what was there stays in force: " + to_string(reloaded.error().front()),
            std::make_shared<const nlohmann::json>(std::move(data))};
    }
    nlohmann::json changed = nlohmann::json::array(), waiting = nlohmann::json::array();
    for (const config::Change& change : reloaded->changes)
        (change.live ? changed : waiting).push_back(to_string(change));
    return nlohmann::json{
        {"events", reloaded->events}, {"changed", std::move(changed)}, {"needsRestart", std::move(waiting)}};
}

}  // namespace clacks
