#include <cmath>

#include "common/cli/command.hpp"
#include "common/cli/output.hpp"
#include "common/cli/service.hpp"

namespace clacks::cli {

namespace {

constexpr const char* kColumns[] = {"id",      "owner",     "events",  "evaluated", "steps",
                                    "matched", "delivered", "dropped", "errors",    "queued"};
constexpr std::size_t kMostNames = 3;

// The event types that can come to it; null are all.
std::string event_types(const nlohmann::json& names) {
    if (names.is_null()) return "all";
    if (names.empty()) return "none";
    const std::size_t shown = names.size() > kMostNames ? kMostNames - 1 : names.size();
    std::string text;
    for (std::size_t i = 0; i < shown; ++i) text += (i > 0 ? "," : "") + cell(names[i]);
    return shown == names.size() ? text : text + ",+" + std::to_string(names.size() - shown);
}

// What an evaluation costs: its mean, and the most that one took.
std::string cost(const nlohmann::json& subscription) {
    if (subscription.value("indexed", false)) return "index";
    if (!subscription.contains("steps") || subscription.value("evaluated", 0) == 0) return "-";
    const auto& steps = subscription["steps"];
    return std::to_string(std::llround(steps.value("mean", 0.0))) + ", " +
           std::to_string(steps.value("most", std::uint64_t{0}));
}

std::string shown(const nlohmann::json& subscriptions) {
    std::vector<std::vector<std::string>> rows;
    std::string errors;
    for (const auto& subscription : subscriptions) {
        const auto text = [&](std::string_view key) {
            if (key == "steps") return cost(subscription);
            if (key == "events" && subscription.contains(key)) return event_types(subscription[key]);
            return subscription.is_object() && subscription.contains(key) ? cell(subscription[key])
                                                                          : std::string();
        };
        std::vector<std::string> row;
        for (const char* key : kColumns) row.push_back(text(key));
        const std::string filter = text("filter");
        row.push_back(filter.empty() ? "(every event)" : filter);
        rows.push_back(std::move(row));
        if (const std::string error = text("last_error"); !error.empty())
            errors += "last error of " + text("id") + ": " + error + "\n";
        if (const std::string never = text("never"); !never.empty())
            errors += "no event can match " + text("id") + ": " + never + "\n";
    }
    return table({"ID", "OWNER", "EVENTS", "EVALUATED", "STEPS", "MATCHED", "DELIVERED", "DROPPED", "ERRORS",
                  "QUEUED", "FILTER"},
                 rows) +
           errors;
}

}  // namespace

void add_subscriptions(Commands& commands) {
    commands.run(
        commands.add(&commands.app, "subscriptions", "List subscriptions: events, filter, matched, dropped"),
        [](const Common& common) { return call_and_show(common, "getSubscriptions", shown); });
}

}  // namespace clacks::cli
