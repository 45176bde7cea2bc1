// for $a in A … for $b in B where a($a) = b($b): B and its keys are looked at once and found by hash, in
// place of once for every tuple. Only where the keys are text, whose comparison by = is that of their
// characters and never fails.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "common/xquery/plan/operator.hpp"

namespace clacks::xquery::plan {

struct JoinPlan {
    Plan items = nullptr;       // B, of which no variable changes between the tuples
    Plan item_keys = nullptr;   // of the item in `slot`
    Plan tuple_keys = nullptr;  // of the tuple, without the item
    std::uint32_t slot = 0;
};

// B by its keys, for the tuples of one evaluation; in the arena.
class JoinTable {
  public:
    // Items that are too many, or an error among them or their keys, leave it unusable: then the clauses are
    // to be evaluated as they are written, which meets the error when it is its turn, or never.
    JoinTable(const JoinPlan& plan, Frame& frame);
    bool usable() const { return usable_; }
    // The numbers of the items that have a key of the tuple's, in order; until the next call.
    std::span<const std::uint32_t> matches(const JoinPlan& plan, Frame& frame);
    Item item(std::uint32_t number) const { return items_[number]; }

  private:
    struct Entry {
        std::string_view key;
        std::uint32_t item = 0;
        std::uint32_t next = 0;
    };
    bool build(const JoinPlan& plan, Frame& frame);
    void index(Frame& frame);
    std::uint32_t& bucket(std::string_view key);

    Value items_;
    std::span<Entry> entries_;
    std::span<std::uint32_t> buckets_;
    std::span<std::uint32_t> found_;
    bool usable_ = false;
};

}  // namespace clacks::xquery::plan
