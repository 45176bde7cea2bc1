// The order by clause (XQuery 3.1, 3.12.8): holds tuples with their keys, sorts and replays them.
#pragma once

#include "common/xquery/plan/flwor.hpp"

namespace clacks::xquery::plan {

class TupleSorter final : public TupleStore {
  public:
    // For one order by clause in one evaluation.
    TupleSorter(const Clause& clause, Frame& frame);
    bool tuple() override;
    // Sorts; stable: tuples with equal keys keep their order.
    void settle() override;
    bool replay(TupleSink& sink) override;

  private:
    struct Row {
        Value* slots;
        Single* keys;
        std::uint64_t number;
    };
    Single key_of(const OrderKey& key);
    bool less(const Row& a, const Row& b) const;
    void append(const Row& row);
    const Clause& clause_;
    Frame& frame_;
    std::span<Row> rows_;  // room, of which `count_` are used
    std::size_t count_ = 0;
};

}  // namespace clacks::xquery::plan
