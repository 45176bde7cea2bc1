// FLWOR and quantified expressions (XQuery 3.1, 3.12 and 3.16): tuples of variables flow from clause
// to clause; only order by holds them.
#pragma once

#include <cstdint>
#include <span>

#include "common/xquery/plan/operator.hpp"

namespace clacks::xquery::plan {

inline constexpr std::uint32_t kNoSlot = 0xFFFFFFFF;

struct OrderKey {
    Plan key = nullptr;
    bool descending = false;
    bool empty_greatest = false;
    const Collation* collation = nullptr;
};

struct Clause {
    enum class Form : std::uint8_t { for_, let, where, count, order_by };
    Form form = Form::let;
    bool allowing_empty = false;
    std::uint32_t slot = kNoSlot;         // for, let, count
    std::uint32_t position = kNoSlot;     // for … at
    Plan expr = nullptr;                  // for, let, where
    std::span<const OrderKey> keys;       // order_by
    std::span<const std::uint32_t> live;  // order_by: the slots bound before it
    std::size_t offset = 0;
};

class TupleSink {
  public:
    // The tuple is in the frame's slots. False: no more are wanted.
    virtual bool tuple() = 0;

  protected:
    ~TupleSink() = default;
};

// The tuples of a list of clauses.
class Tuples {
  public:
    explicit Tuples(std::span<const Clause> clauses);
    bool push(Frame& frame, TupleSink& sink) const { return push_until(clauses_.size(), true, frame, sink); }
    // In any order.
    bool push_unordered(Frame& frame, TupleSink& sink) const {
        return push_until(clauses_.size(), false, frame, sink);
    }
    std::uint16_t effects() const { return effects_; }
    bool at_most_one() const;

    // One clause after the other, from `from` to before `end`, none of them order by.
    struct Run {
        Frame& frame;
        TupleSink& sink;
        std::size_t end;
        Focus focus;                        // of the whole expression
        std::span<std::uint64_t> counters;  // of count clauses
    };
    bool step(Run& run, std::size_t at) const;

  private:
    bool push_until(std::size_t end, bool ordered, Frame& frame, TupleSink& sink) const;
    bool stream(std::size_t from, std::size_t end, Frame& frame, TupleSink& sink) const;
    bool step_for(Run& run, std::size_t at) const;
    std::span<const Clause> clauses_;
    std::uint16_t effects_ = 0;
    bool counts_ = false;
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
