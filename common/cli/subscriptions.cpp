#include "common/cli/command.hpp"
#include "common/cli/output.hpp"
#include "common/cli/service.hpp"

namespace clacks::cli {

namespace {

constexpr const char* kColumns[] = {"id",        "owner",   "evaluated", "matched",
                                    "delivered", "dropped", "errors",    "queued"};

std::string shown(const nlohmann::json& subscriptions) {
    std::vector<std::vector<std::string>> rows;
    std::string errors;
    for (const auto& subscription : subscriptions) {
        const auto text = [&](const char* key) {
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
    return table(
               {"ID", "OWNER", "EVALUATED", "MATCHED", "DELIVERED", "DROPPED", "ERRORS", "QUEUED", "FILTER"},
               rows) +
           errors;
}

}  // namespace

void add_subscriptions(Commands& commands) {
    commands.run(
        commands.add(&commands.app, "subscriptions", "List subscriptions: filter, matched, dropped, errors"),
        [](const Common& common) { return call_and_show(common, "getSubscriptions", shown); });
}

}  // namespace clacks::cli
