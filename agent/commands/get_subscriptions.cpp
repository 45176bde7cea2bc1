#include <chrono>
#include <nlohmann/json.hpp>

#include "agent/commands/bodies.hpp"

namespace clacks::commands {

CommandBody get_subscriptions(const CoreServices& services) {
    return [&subscriptions = services.subscriptions](const Call&) -> CommandResult {
        using nlohmann::json;
        json out = json::array();
        for (const SubscriptionInfo& info : subscriptions.list()) {
            const auto since = std::chrono::duration<double>(info.since.time_since_epoch()).count();
            out.push_back({{"id", info.id},
                           {"owner", info.owner},
                           {"filter", info.filter},
                           {"link", info.link},
                           {"since", since},
                           {"evaluated", info.evaluated},
                           {"matched", info.matched},
                           {"delivered", info.delivered},
                           {"dropped", info.dropped},
                           {"queued", info.queued},
                           {"errors", info.errors},
                           {"last_error", info.last_error},
                           {"never", info.never}});
        }
        return out;
    };
}

}  // namespace clacks::commands
