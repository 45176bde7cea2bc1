#include "common/xquery/plan/joining.hpp"

#include <algorithm>
#include <bit>
#include <functional>
#include <memory_resource>
#include <vector>

#include "common/xquery/values/atomize.hpp"
#include "common/xquery/values/error.hpp"

namespace clacks::xquery::plan {

namespace {

constexpr std::uint32_t kNone = 0xFFFFFFFF;
// More are not kept only to be looked up.
constexpr std::uint64_t kMostItems = 100'000;

class FirstItems final : public Sink {
  public:
    explicit FirstItems(Frame& frame) : collector_(frame) {}
    bool take(const Item& item) override { return collector_.take(item) && collector_.size() < kMostItems; }
    Value value() const { return collector_.value(); }

  private:
    Collector collector_;
};

std::uint64_t cost_of(std::string_view key) {
    return 1 + key.size() / 64;
}

// Whether a key is there before already.
bool repeats(const Value& keys, std::uint64_t at, Frame& frame) {
    frame.steps.take(at);
    for (std::uint64_t i = 0; i < at; ++i) {
        if (keys[i].text() == keys[at].text()) return true;
    }
    return false;
}

}  // namespace

JoinTable::JoinTable(const JoinPlan& plan, Frame& frame) {
    const Focus focus = frame.focus;
    try {
        usable_ = build(plan, frame);
    } catch (const Error& error) {
        if (is_limit(error.code)) throw;
        frame.focus = focus;
    }
}

bool JoinTable::build(const JoinPlan& plan, Frame& frame) {
    FirstItems first(frame);
    if (!plan.items->push(frame, first)) return false;
    items_ = first.value();
    std::pmr::vector<Entry> entries(&frame.arena);
    for (std::uint32_t i = 0; i < items_.size(); ++i) {
        frame.slots[plan.slot] = items_[i];
        for (const Item key : atomize(plan.item_keys->all(frame), frame.arena, frame.steps)) {
            if (entries.size() >= kMostItems) return false;
            frame.steps.take(cost_of(key.text()));
            entries.push_back({key.text(), i, kNone});
        }
    }
    entries_ = frame.arena.take_array<Entry>(entries.size());
    std::uninitialized_copy(entries.begin(), entries.end(), entries_.begin());
    index(frame);
    return true;
}

// From the last one on, so that each bucket is read in the order of the items.
void JoinTable::index(Frame& frame) {
    buckets_ = frame.arena.take_array<std::uint32_t>(std::bit_ceil(entries_.size() + 1));
    std::fill(buckets_.begin(), buckets_.end(), kNone);
    found_ = frame.arena.take_array<std::uint32_t>(entries_.size());
    for (std::size_t i = entries_.size(); i-- > 0;) {
        std::uint32_t& first = bucket(entries_[i].key);
        entries_[i].next = first;
        first = static_cast<std::uint32_t>(i);
    }
}

std::uint32_t& JoinTable::bucket(std::string_view key) {
    return buckets_[std::hash<std::string_view>()(key) & (buckets_.size() - 1)];
}

// Nobody asks for the keys of a tuple where there is nothing to compare them with. An item has its place in
// found_ no more than once for each of its own keys, if no key of the tuple's is looked up twice.
std::span<const std::uint32_t> JoinTable::matches(const JoinPlan& plan, Frame& frame) {
    if (items_.empty()) return {};
    const Value keys = atomize(plan.tuple_keys->all(frame), frame.arena, frame.steps);
    std::size_t found = 0;
    for (std::uint64_t i = 0; i < keys.size(); ++i) {
        const std::string_view key = keys[i].text();
        if (repeats(keys, i, frame)) continue;
        frame.steps.take(cost_of(key));
        for (std::uint32_t at = bucket(key); at != kNone; at = entries_[at].next) {
            frame.steps.take();
            if (entries_[at].key == key) found_[found++] = entries_[at].item;
        }
    }
    const auto end = found_.begin() + static_cast<std::ptrdiff_t>(found);
    if (keys.size() > 1) std::sort(found_.begin(), end);
    return {found_.begin(), std::unique(found_.begin(), end)};
}

}  // namespace clacks::xquery::plan
