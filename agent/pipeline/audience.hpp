// The subscriptions of those who may read the same events, by their filters and in an index.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "agent/pipeline/match.hpp"
#include "common/matching/index.hpp"

namespace clacks {

// Subscriptions with the same text share one query and one evaluation for each event.
struct FilterGroup {
    std::shared_ptr<const xquery::Query> query;  // null: the index decides
    matching::FilterId id = 0;
    std::vector<std::string> events;  // as those of a KnownFilter
    std::vector<std::shared_ptr<Subscriber>> subscribers;
    // Who pays for an evaluation: each of their owners once, in full.
    struct Payer {
        std::shared_ptr<FilterBudget> budget;  // null: needs none
        std::size_t subscribers = 0;
    };
    std::vector<Payer> payers;
};

// Thread safety: const members from any thread, with no other member at the same time. Groups may be changed
// in what their subscribers count only.
class Audience {
  public:
    using Groups = std::map<std::string, FilterGroup, std::less<>>;  // by text

    // The filter is the subscriber's.
    void add(std::shared_ptr<Subscriber> subscriber, const KnownFilter& filter);
    // Whether it was there.
    bool remove(const Subscriber& subscriber);
    const Groups& groups() const { return groups_; }

    // Replaces `out` by the filters that the event may match.
    void candidates(const events::Event& event, matching::Scratch& scratch,
                    std::vector<matching::Candidate>& out) const;
    const FilterGroup& group(matching::FilterId id) const { return *by_id_[id]; }

  private:
    Groups groups_;
    matching::Index index_;
    std::vector<const FilterGroup*> by_id_;
};

}  // namespace clacks
