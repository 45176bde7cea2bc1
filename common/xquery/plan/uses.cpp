#include "common/xquery/plan/uses.hpp"

#include <map>
#include <set>

namespace clacks::xquery::plan {

void Uses::add(Declaration from, Declaration to, bool always) {
    uses_.push_back({from, to, always});
}

void Uses::settle_effects() const {
    for (bool changed = true; changed;) {
        changed = false;
        // Callees stand behind their callers more often than not.
        for (auto use = uses_.rbegin(); use != uses_.rend(); ++use) {
            const auto* caller = std::get_if<FunctionBody*>(&use->from);
            const auto* callee = std::get_if<FunctionBody*>(&use->to);
            if (caller == nullptr || callee == nullptr) continue;
            const std::uint16_t joined = (*caller)->effects | (*callee)->effects;
            changed = changed || joined != (*caller)->effects;
            (*caller)->effects = joined;
        }
    }
    for (const Use& use : uses_) {
        if (const auto* caller = std::get_if<FunctionBody*>(&use.from)) (*caller)->effects &= ~kUnsettled;
    }
}

std::vector<const GlobalVariable*> Uses::circular() const {
    std::map<Declaration, std::vector<Declaration>> needs;
    for (const Use& use : uses_) {
        if (use.always) needs[use.from].push_back(use.to);
    }
    std::vector<const GlobalVariable*> result;
    for (const auto& [start, first] : needs) {
        const auto* variable = std::get_if<GlobalVariable*>(&start);
        if (variable == nullptr) continue;
        std::set<Declaration> seen;
        std::vector<Declaration> open = first;
        while (!open.empty() && seen.count(start) == 0) {
            const Declaration next = open.back();
            open.pop_back();
            if (!seen.insert(next).second) continue;
            if (const auto more = needs.find(next); more != needs.end())
                open.insert(open.end(), more->second.begin(), more->second.end());
        }
        if (seen.count(start) != 0) result.push_back(*variable);
    }
    return result;
}

}  // namespace clacks::xquery::plan
