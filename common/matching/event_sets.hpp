// Sets of names of event types, each kept once, and which of them hold the name of an event. The empty set
// stands for every name.
//
// Thread safety: const members from any thread, with no other member at the same time.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/matching/pool.hpp"

namespace clacks::matching {

class EventSets {
  public:
    // Counts the uses: each is to be released.
    std::uint32_t use(std::span<const std::string> names);
    void release(std::uint32_t set);
    // All numbers are less.
    std::size_t end() const { return sets_.end(); }

    template <class Visit>
    void visit_holding(std::string_view name, Visit visit) const {
        for (const std::uint32_t set : every_) visit(set);
        const auto found = holding_.find(name);
        if (found == holding_.end()) return;
        for (const std::uint32_t set : found->second) visit(set);
    }

  private:
    using Names = std::vector<std::string>;  // sorted, each once
    struct Set {
        const Names* names = nullptr;  // a key of numbers_
        std::uint32_t uses = 0;
    };
    std::map<Names, std::uint32_t> numbers_;
    Pool<Set> sets_;
    std::vector<std::uint32_t> every_;  // the empty set, if it is in use
    std::map<std::string, std::vector<std::uint32_t>, std::less<>> holding_;  // by name of an event type
};

}  // namespace clacks::matching
