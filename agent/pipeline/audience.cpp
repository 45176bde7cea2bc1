#include "agent/pipeline/audience.hpp"

#include <algorithm>
#include <utility>

namespace clacks {

namespace {

auto payer_of(FilterGroup& group, const Subscriber& subscriber) {
    return std::find_if(group.payers.begin(), group.payers.end(),
                        [&](const auto& payer) { return payer.budget == subscriber.budget; });
}

// Whether it was there. The last one takes its place, as there may be thousands.
bool take_out(std::vector<std::shared_ptr<Subscriber>>& subscribers, const Subscriber& subscriber) {
    const std::size_t place = subscriber.place;
    if (place >= subscribers.size() || subscribers[place].get() != &subscriber) return false;
    std::swap(subscribers[place], subscribers.back());
    subscribers[place]->place = place;
    subscribers.pop_back();
    return true;
}

}  // namespace

void Audience::add(std::shared_ptr<Subscriber> subscriber, const KnownFilter& filter) {
    FilterGroup& group = groups_[subscriber->filter];
    if (group.subscribers.empty()) {
        group.query = filter.query;
        group.events = filter.events;
        group.id = index_.insert(filter.events, filter.condition, filter.query == nullptr);
        if (by_id_.size() <= group.id) by_id_.resize(group.id + 1);
        by_id_[group.id] = &group;
    }
    const auto payer = payer_of(group, *subscriber);
    if (payer == group.payers.end())
        group.payers.push_back({subscriber->budget, 1});
    else
        ++payer->subscribers;
    subscriber->place = group.subscribers.size();
    group.subscribers.push_back(std::move(subscriber));
}

bool Audience::remove(const Subscriber& subscriber) {
    const auto group = groups_.find(subscriber.filter);
    if (group == groups_.end() || !take_out(group->second.subscribers, subscriber)) return false;
    const auto payer = payer_of(group->second, subscriber);
    if (--payer->subscribers == 0) group->second.payers.erase(payer);
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
