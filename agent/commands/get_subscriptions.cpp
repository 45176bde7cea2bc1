#include <chrono>
#include <nlohmann/json.hpp>

#include "agent/commands/bodies.hpp"
#include "agent/commands/counts_json.hpp"

namespace clacks::commands {

CommandBody get_subscriptions(const CoreServices& services) {
    return [&subscriptions = services.subscriptions](const Call&) -> CommandResult {
        using nlohmann::json;
        json out = json::array();
        for (const SubscriptionInfo& info : subscriptions.list()) {
            const auto since = std::chrono::duration<double>(info.since.time_since_epoch()).count();
            const double mean = info.evaluated == 0
                                    ? 0
                                    : static_cast<double>(info.steps) / static_cast<double>(info.evaluated);
            json one = {{"id", info.id},
                        {"owner", info.owner},
                        {"filter", info.filter},
                        {"events", info.events ? json(*info.events) : json()},
                        {"link", info.link},
                        {"since", since},
                        {"evaluated", info.evaluated},
                        {"errors", info.errors},
                        {"last_error", info.last_error},
                        {"never", info.never},
                        {"indexed", info.indexed},
                        {"steps", {{"mean", mean}, {"most", info.most_steps}}}};
            one.update(counts_json(info.counts));
            out.push_back(std::move(one));
        }
        return out;
    };
}

}  // namespace clacks::commands
