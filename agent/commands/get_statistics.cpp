#include <nlohmann/json.hpp>

#include "agent/commands/bodies.hpp"
#include "agent/commands/counts_json.hpp"

namespace clacks::commands {

namespace {

using nlohmann::json;

json counts_json(const PublisherCounts& counts) {
    return {{"sent", counts.sent}, {"accepted", counts.accepted}, {"rejected", counts.rejected}};
}

}  // namespace

CommandBody get_statistics(const CoreServices& services) {
    return [&publishers = services.publishers, &subscriptions = services.subscriptions,
            connections = services.connections](const Call&) -> CommandResult {
        json out = counts_json(publishers.total());
        out.update(counts_json(subscriptions.totals()));
        out["connections"] = connections ? connections() : 0;
        json& list = out["publishers"] = json::array();
        for (const auto& [name, counts] : publishers.list()) {
            json one = counts_json(counts);
            one["name"] = name;
            list.push_back(std::move(one));
        }
        return out;
    };
}

}  // namespace clacks::commands
