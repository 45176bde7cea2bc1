#include "agent/telemetry/publishers.hpp"

namespace clacks {

namespace {

void add(PublisherCounts& counts, Publishers::Outcome outcome) {
    ++counts.sent;
    ++(outcome == Publishers::Outcome::accepted ? counts.accepted : counts.rejected);
}

}  // namespace

void Publishers::count(const std::string& name, Outcome outcome) {
    const std::lock_guard lock(mutex_);
    add(entry(name), outcome);
    add(total_, outcome);
}

std::map<std::string, PublisherCounts> Publishers::list() const {
    const std::lock_guard lock(mutex_);
    return counts_;
}

PublisherCounts Publishers::total() const {
    const std::lock_guard lock(mutex_);
    return total_;
}

PublisherCounts& Publishers::entry(const std::string& name) {
    if (const auto found = counts_.find(name); found != counts_.end()) return found->second;
    return counts_[counts_.size() < most_ ? name : kOthers];
}

}  // namespace clacks
