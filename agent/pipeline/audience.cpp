#include "agent/pipeline/audience.hpp"

#include <utility>

namespace clacks {

void Audience::add(std::shared_ptr<Subscriber> subscriber, const KnownFilter& filter) {
    FilterGroup& group = groups_[subscriber->filter];
    if (group.subscribers.empty()) {
        group.query = filter.query;
        group.id = index_.insert(filter.events, filter.condition, filter.query == nullptr);
        if (by_id_.size() <= group.id) by_id_.resize(group.id + 1);
        by_id_[group.id] = &group;
    }
    group.subscribers.push_back(std::move(subscriber));
}

bool Audience::remove(const std::shared_ptr<Subscriber>& subscriber) {
    const auto group = groups_.find(subscriber->filter);
    if (group == groups_.end() || std::erase(group->second.subscribers, subscriber) == 0) return false;
    if (!group->second.subscribers.empty()) return true;
    index_.remove(group->second.id);
    groups_.erase(group);
    return true;
}

void Audience::candidates(const events::Event& event, matching::Scratch& scratch,
                          std::vector<matching::Candidate>& out) const {
    out.clear();
    index_.candidates(event, scratch, out);
}

}  // namespace clacks
