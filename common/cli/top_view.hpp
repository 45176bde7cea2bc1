// What `clacks top` shows: a look at the agent, with the rates since the look before.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>

#include "common/base/clock.hpp"

namespace clacks::cli {

// What getStatistics and getSubscriptions answered.
struct Look {
    SteadyTime at;
    nlohmann::json statistics = nlohmann::json::object();
    nlohmann::json subscriptions = nlohmann::json::array();
};

// The statistics with "sent_rate" and "delivered_rate", and below them "subscriptions" with "matched_rate"
// and "delivered_rate" and "publishers" with "sent_rate", the busiest first. Rates are events a second.
nlohmann::json with_rates(const Look& before, const Look& now);

// Of a terminal; 0 is no bound.
struct ScreenSize {
    std::size_t rows = 0, columns = 0;
};

// Lines for people, no more and no longer than the screen.
std::string top_screen(const nlohmann::json& rates, const std::string& title, ScreenSize size);

}  // namespace clacks::cli
