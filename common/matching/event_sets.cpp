#include "common/matching/event_sets.hpp"

#include <algorithm>

namespace clacks::matching {

std::uint32_t EventSets::use(std::span<const std::string> names) {
    Names sorted(names.begin(), names.end());
    std::sort(sorted.begin(), sorted.end());
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    const auto [place, added] = numbers_.try_emplace(std::move(sorted), kNone);
    if (added) {
        place->second = sets_.add({&place->first, 0});
        if (place->first.empty()) every_.push_back(place->second);
        for (const std::string& name : place->first) holding_[name].push_back(place->second);
    }
    ++sets_[place->second].uses;
    return place->second;
}

void EventSets::release(std::uint32_t set) {
    if (--sets_[set].uses > 0) return;
    const auto place = numbers_.find(*sets_[set].names);
    if (place->first.empty()) every_.clear();
    for (const std::string& name : place->first) {
        const auto holding = holding_.find(name);
        std::erase(holding->second, set);
        if (holding->second.empty()) holding_.erase(holding);
    }
    numbers_.erase(place);
    sets_.remove(set);
}

}  // namespace clacks::matching
