#include "common/xquery/plan/sorting.hpp"

#include <algorithm>

#include "common/xquery/values/atomize.hpp"
#include "common/xquery/values/compare.hpp"
#include "common/xquery/values/number.hpp"

namespace clacks::xquery::plan {

namespace {

// Empty keys lie below or above all others, NaN next to them.
int rank(const Single& key, bool empty_greatest) {
    if (key.empty()) return empty_greatest ? 2 : -2;
    if (is_numeric(key.item.type) && is_nan(key.item)) return empty_greatest ? 1 : -1;
    return 0;
}

}  // namespace

TupleSorter::TupleSorter(const Clause& clause, Frame& frame) : clause_(clause), frame_(frame) {}

Single TupleSorter::key_of(const OrderKey& order) {
    Single key = atomized(order.key, frame_);
    frame_.where = order.key->offset;
    if (key.count > 1) {
        fail(Code::XPTY0004, "the key of an order by clause is a sequence of more than one item",
             "select one item as the key");
    }
    if (key.empty()) return key;
    if (key.item.type == Type::untyped_atomic) key.item.type = Type::string;
    return key;
}

void TupleSorter::append(const Row& row) {
    if (count_ == rows_.size()) {
        const std::span<Row> larger =
            frame_.arena.take_array<Row>(std::max<std::size_t>(8, rows_.size() * 2));
        std::copy(rows_.begin(), rows_.end(), larger.begin());
        rows_ = larger;
    }
    rows_[count_++] = row;
}

bool TupleSorter::tuple() {
    Row row{frame_.arena.take_array<Value>(clause_.live.size()).data(),
            frame_.arena.take_array<Single>(clause_.keys.size()).data(), count_};
    for (std::size_t i = 0; i < clause_.live.size(); ++i) row.slots[i] = frame_.slots[clause_.live[i]];
    for (std::size_t i = 0; i < clause_.keys.size(); ++i) row.keys[i] = key_of(clause_.keys[i]);
    append(row);
    return true;
}

bool TupleSorter::less(const Row& a, const Row& b) const {
    for (std::size_t i = 0; i < clause_.keys.size(); ++i) {
        const OrderKey& order = clause_.keys[i];
        const int rank_a = rank(a.keys[i], order.empty_greatest);
        const int rank_b = rank(b.keys[i], order.empty_greatest);
        if (rank_a != rank_b) return (rank_a < rank_b) != order.descending;
        if (rank_a != 0) continue;
        frame_.where = order.key->offset;
        const std::partial_ordering by_key =
            xquery::order(a.keys[i].item, b.keys[i].item, {order.collation, frame_.implicit_zone});
        if (std::is_neq(by_key)) return std::is_lt(by_key) != order.descending;
    }
    return a.number < b.number;
}

void TupleSorter::settle() {
    std::sort(rows_.begin(), rows_.begin() + static_cast<std::ptrdiff_t>(count_),
              [this](const Row& a, const Row& b) {
                  frame_.steps.take();
                  return less(a, b);
              });
}

bool TupleSorter::replay(TupleSink& sink) {
    for (std::size_t r = 0; r < count_; ++r) {
        frame_.steps.take();
        for (std::size_t i = 0; i < clause_.live.size(); ++i)
            frame_.slots[clause_.live[i]] = rows_[r].slots[i];
        if (!sink.tuple()) return false;
    }
    return true;
}

}  // namespace clacks::xquery::plan
