// What a reload finds changed.
#include "common/config/rows.hpp"

namespace clacks::config {

namespace {

using Modules = std::map<std::string, std::map<std::string, std::string>>;

// Without values, as only the module knows which of them are secret.
void module_changes(const Modules& running, const Modules& wanted, std::vector<Change>& result) {
    std::map<std::string, int> names;
    for (const auto& [name, values] : running) names.emplace(name, 0);
    for (const auto& [name, values] : wanted) names.emplace(name, 0);
    for (const auto& [name, unused] : names) {
        const auto was = running.find(name), is = wanted.find(name);
        // A section without settings loads a module, too.
        if (was != running.end() && is != wanted.end() && was->second == is->second) continue;
        result.push_back({"[module " + name + "]", "", "", false});
    }
}

}  // namespace

std::string to_string(const Change& change) {
    if (change.before.empty()) return change.key + " changed";
    return change.key + " changed from " + change.before + " to " + change.after;
}

std::vector<Change> changes(const Settings& running, const Settings& wanted) {
    std::vector<Change> result;
    for (const Row& row : rows()) {
        const std::string before = row.member.show(running, row.bytes());
        const std::string after = row.member.show(wanted, row.bytes());
        if (before == after) continue;
        Change change{"[" + std::string(row.section) + "] " + std::string(row.key), before, after,
                      row.takes == Takes::Live};
        if (row.secret) change.before = change.after = "";
        result.push_back(std::move(change));
    }
    module_changes(running.modules, wanted.modules, result);
    return result;
}

void take_live(Settings& running, const Settings& wanted) {
    for (const Row& row : rows())
        if (row.takes == Takes::Live) row.member.copy(running, wanted);
    running.agent.events_configured = wanted.agent.events_configured;
}

}  // namespace clacks::config
