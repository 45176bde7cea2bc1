// The group by clause (XQuery 3.1, 3.12.7): holds tuples by their keys, and gives one tuple a group.
#pragma once

#include "common/xquery/plan/flwor.hpp"

namespace clacks::xquery::plan {

class TupleGrouper final : public TupleStore {
  public:
    // For one group by clause in one evaluation.
    TupleGrouper(const Clause& clause, Frame& frame);
    bool tuple() override;
    void settle() override {}
    // Groups come in the order of their first tuples.
    bool replay(TupleSink& sink) override;

  private:
    struct Row {
        Value* slots;
        Row* next;  // of the same group
    };
    struct Group {
        Single* keys;      // as given
        Single* compared;  // texts as the octets that the collation compares
        std::uint64_t hash;
        Row* first;
        Row* last;
    };
    Single key_of(const GroupingKey& key);
    Single compared(const Single& key, const Collation* collation);
    Group& group_of(const Group& wanted);
    bool same(const Group& a, const Group& b);
    void grow();
    Value joined(const Group& group, std::size_t slot);
    const Clause& clause_;
    Frame& frame_;
    std::span<Group> groups_;  // room, of which `count_` are used
    std::size_t count_ = 0;
    std::span<std::uint32_t> table_;  // by hash: the number of a group from 1 on, or 0
};

}  // namespace clacks::xquery::plan
