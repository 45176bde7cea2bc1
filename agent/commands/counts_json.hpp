// How commands tell what became of the events that subscriptions matched.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "agent/api/delivery_counts.hpp"

namespace clacks::commands {

inline nlohmann::json counts_json(const DeliveryCounts& counts) {
    nlohmann::json drops = nlohmann::json::object();
    for (std::size_t i = 0; i < kDropReasons.size(); ++i)
        drops[std::string(kDropReasons[i])] = counts.drops[i];
    return {{"matched", counts.matched},
            {"delivered", counts.delivered},
            {"queued", counts.queued},
            {"dropped", counts.dropped()},
            {"drops", std::move(drops)}};
}

}  // namespace clacks::commands
