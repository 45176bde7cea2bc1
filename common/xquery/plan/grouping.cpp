#include "common/xquery/plan/grouping.hpp"

#include <algorithm>
#include <string>

#include "common/xquery/values/atomize.hpp"
#include "common/xquery/values/compare.hpp"

namespace clacks::xquery::plan {

TupleGrouper::TupleGrouper(const Clause& clause, Frame& frame) : clause_(clause), frame_(frame) {}

Single TupleGrouper::key_of(const GroupingKey& grouping) {
    const Value given = grouping.key->all(frame_);
    frame_.where = grouping.key->offset;
    const Value key = atomize(given, frame_.arena, frame_.steps);
    if (key.size() > 1)
        fail(Code::XPTY0004,
             "the grouping key $" + std::string(grouping.name) + " is a sequence of more than one item",
             "select one item as the key");
    if (grouping.typed && !matches(key, grouping.type))
        fail(Code::XPTY0004, "the value of $" + std::string(grouping.name) + " is not of the type " +
                                 to_string(grouping.type));
    return key.empty() ? Single() : Single{key.front(), 1};
}

Single TupleGrouper::compared(const Single& key, const Collation* collation) {
    if (key.empty() || !is_textual(key.item.type)) return key;
    const std::string_view text = key.item.text();
    frame_.steps.take(text.size() / 64);
    return {Item::of_text(collation == nullptr ? text : collation->key(text, frame_.arena)), 1};
}

bool TupleGrouper::same(const Group& a, const Group& b) {
    if (a.hash != b.hash) return false;
    for (std::size_t i = 0; i < clause_.groups.size(); ++i) {
        const Single& x = a.compared[i];
        const Single& y = b.compared[i];
        if (x.count != y.count) return false;
        if (x.count == 1 && !same_atomic(x.item, y.item, {nullptr, frame_.implicit_zone})) return false;
    }
    return true;
}

// Doubles the room for groups, and their table.
void TupleGrouper::grow() {
    const std::size_t room = std::max<std::size_t>(8, groups_.size() * 2);
    const std::span<Group> larger = frame_.arena.take_array<Group>(room);
    std::copy_n(groups_.begin(), count_, larger.begin());
    groups_ = larger;
    table_ = frame_.arena.take_array<std::uint32_t>(room * 2);
    std::fill(table_.begin(), table_.end(), 0);
    for (std::size_t g = 0; g < count_; ++g) {
        std::size_t at = groups_[g].hash & (table_.size() - 1);
        while (table_[at] != 0) at = (at + 1) & (table_.size() - 1);
        table_[at] = static_cast<std::uint32_t>(g + 1);
    }
}

TupleGrouper::Group& TupleGrouper::group_of(const Group& wanted) {
    if (count_ == groups_.size()) grow();
    for (std::size_t at = wanted.hash & (table_.size() - 1);; at = (at + 1) & (table_.size() - 1)) {
        frame_.steps.take();
        if (table_[at] == 0) {
            groups_[count_] = wanted;
            table_[at] = static_cast<std::uint32_t>(++count_);
            return groups_[count_ - 1];
        }
        Group& known = groups_[table_[at] - 1];
        if (same(known, wanted)) return known;
    }
}

bool TupleGrouper::tuple() {
    const std::size_t n = clause_.groups.size();
    Group wanted{frame_.arena.take_array<Single>(n).data(), frame_.arena.take_array<Single>(n).data(), 0,
                 nullptr, nullptr};
    for (std::size_t i = 0; i < n; ++i) {
        const GroupingKey& grouping = clause_.groups[i];
        wanted.keys[i] = key_of(grouping);
        wanted.compared[i] = compared(wanted.keys[i], grouping.collation);
        // Later keys may use it.
        frame_.slots[grouping.slot] = wanted.keys[i].empty() ? Value() : Value(wanted.keys[i].item);
        const std::uint64_t hash =
            wanted.keys[i].empty() ? 0 : hash_atomic(wanted.compared[i].item, frame_.implicit_zone);
        wanted.hash = wanted.hash * 0x9E3779B97F4A7C15u + hash + 1;
    }
    wanted.hash ^= wanted.hash >> 32;
    Row* row = frame_.arena.make(Row{frame_.arena.take_array<Value>(clause_.live.size()).data(), nullptr});
    for (std::size_t i = 0; i < clause_.live.size(); ++i) row->slots[i] = frame_.slots[clause_.live[i]];
    Group& group = group_of(wanted);
    (group.first == nullptr ? group.first : group.last->next) = row;
    group.last = row;
    return true;
}

Value TupleGrouper::joined(const Group& group, std::size_t slot) {
    if (group.first == group.last) return group.first->slots[slot];
    SequenceBuilder all(frame_.arena);
    for (const Row* row = group.first; row != nullptr; row = row->next) {
        frame_.steps.take(1 + row->slots[slot].size());
        all.add(row->slots[slot]);
    }
    return all.value();
}

bool TupleGrouper::replay(TupleSink& sink) {
    for (std::size_t g = 0; g < count_; ++g) {
        const Group& group = groups_[g];
        for (std::size_t i = 0; i < clause_.groups.size(); ++i)
            frame_.slots[clause_.groups[i].slot] =
                group.keys[i].empty() ? Value() : Value(group.keys[i].item);
        for (std::size_t i = 0; i < clause_.live.size(); ++i)
            frame_.slots[clause_.live[i]] = joined(group, i);
        if (!sink.tuple()) return false;
    }
    return true;
}

}  // namespace clacks::xquery::plan
