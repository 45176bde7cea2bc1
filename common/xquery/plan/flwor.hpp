// FLWOR and quantified expressions (XQuery 3.1, 3.12 and 3.16): tuples of variables flow from clause
// to clause; only order by and group by hold them.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "common/xquery/plan/operator.hpp"
#include "common/xquery/values/sequence_type.hpp"

namespace clacks::xquery::plan {

inline constexpr std::uint32_t kNoSlot = 0xFFFFFFFF;

struct OrderKey {
    Plan key = nullptr;
    bool descending = false;
    bool empty_greatest = false;
    const Collation* collation = nullptr;
};

struct GroupingKey {
    std::uint32_t slot = kNoSlot;  // of the grouping variable
    Plan key = nullptr;
    const Collation* collation = nullptr;
    bool typed = false;
    SequenceType type;
    std::string_view name;  // as shown, without the dollar sign
};

struct WindowPlan;  // plan/windows.hpp
struct JoinPlan;    // plan/joining.hpp
class JoinTable;

struct Clause {
    // join: a `for` and the `where` behind it, if the table can be used; else both are there as clauses, too.
    enum class Form : std::uint8_t { for_, let, window, where, count, group_by, order_by, join };
    Form form = Form::let;
    bool allowing_empty = false;
    bool varies = false;                  // for: its items depend on variables of the clauses before
    std::uint32_t slot = kNoSlot;         // for, let, window, count
    std::uint32_t position = kNoSlot;     // for … at
    Plan expr = nullptr;                  // for, let, window, where
    const WindowPlan* window = nullptr;   // window
    const JoinPlan* join = nullptr;       // join: the for clause and the where clause come next
    std::span<const OrderKey> keys;       // order_by
    std::span<const GroupingKey> groups;  // group_by
    std::span<const std::uint32_t> live;  // order_by, group_by: the slots bound before it
    std::size_t offset = 0;
};

class TupleSink {
  public:
    // The tuple is in the frame's slots. False: no more are wanted.
    virtual bool tuple() = 0;

  protected:
    ~TupleSink() = default;
};

// A clause that needs all tuples before it gives any.
class TupleStore : public TupleSink {
  public:
    // All tuples are there.
    virtual void settle() = 0;
    // Puts what comes out into the frame, tuple by tuple.
    virtual bool replay(TupleSink& sink) = 0;

  protected:
    ~TupleStore() = default;
};

// The tuples of a list of clauses.
class Tuples {
  public:
    // `result` is what is evaluated with each tuple.
    Tuples(std::span<const Clause> clauses, Plan result);
    bool push(Frame& frame, TupleSink& sink) const { return push_until(clauses_.size(), true, frame, sink); }
    // In any order.
    bool push_unordered(Frame& frame, TupleSink& sink) const {
        return push_until(clauses_.size(), false, frame, sink);
    }
    std::uint16_t effects() const { return effects_; }
    bool at_most_one() const;  // there are let clauses only
    // The only tuple, where at_most_one().
    void bind(Frame& frame) const;

    // One clause after the other, from `from` to before `end`, none of which holds tuples.
    struct Run {
        Frame& frame;
        TupleSink& sink;
        std::size_t end;
        Focus focus;                        // of the whole expression
        std::span<std::uint64_t> counters;  // of count clauses
        std::span<JoinTable*> tables;       // of join clauses, made when first used
    };
    bool step(Run& run, std::size_t at) const;
    // The clause, where there is one only, a `for` without `at`.
    const Clause* only_for() const {
        const bool only = clauses_.size() == 1 && clauses_[0].form == Clause::Form::for_ &&
                          clauses_[0].position == kNoSlot && !clauses_[0].allowing_empty;
        return only ? &clauses_[0] : nullptr;
    }
    // Whether what comes after the first clause needs the focus of the whole expression, which the producer
    // of a clause's items may change.
    bool uses_focus() const { return uses_focus_; }

  private:
    bool push_until(std::size_t end, bool ordered, Frame& frame, TupleSink& sink) const;
    bool stream(std::size_t from, std::size_t end, Frame& frame, TupleSink& sink) const;
    bool resume(std::size_t from, std::size_t end, Frame& frame, TupleStore& store, TupleSink& sink) const;
    bool step_for(Run& run, std::size_t at) const;
    bool step_window(Run& run, std::size_t at) const;
    bool step_join(Run& run, std::size_t at) const;
    Run run_of(Frame& frame, TupleSink& sink, std::size_t end) const;
    std::span<const Clause> clauses_;
    std::uint16_t effects_ = 0;
    bool uses_focus_;
    bool counts_ = false;
    bool joins_ = false;
};

class Flwor final : public Operator {
  public:
    Flwor(std::span<const Clause> clauses, Plan result);
    bool push(Frame& frame, Sink& sink) const override;
    Value all(Frame& frame) const override;
    bool ebv(Frame& frame) const override;
    bool exists(Frame& frame) const override;
    std::uint64_t count(Frame& frame, std::uint64_t stop_at) const override;

  private:
    Tuples tuples_;
    Plan result_;
    bool single_tuple_;
};

class Quantified final : public Truth {
  public:
    enum class Form : std::uint8_t { some, every };
    // The clauses are for clauses.
    Quantified(Form form, std::span<const Clause> clauses, Plan condition);
    bool ebv(Frame& frame) const override;

  private:
    Form form_;
    Tuples tuples_;
    Plan condition_;
};

}  // namespace clacks::xquery::plan
