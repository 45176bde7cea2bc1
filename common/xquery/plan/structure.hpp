// Maps and arrays: their constructors (XQuery 3.1, 3.11) and lookup (3.11.3).
#pragma once

#include <cstdint>
#include <span>

#include "common/xquery/plan/operator.hpp"

namespace clacks::xquery::plan {

struct EntryPlan {
    Plan key;
    Plan value;
};

// map { key : value, … }
class MapConstructor final : public Scalar {
  public:
    explicit MapConstructor(std::span<const EntryPlan> entries);
    Single single(Frame& frame) const override;

  private:
    std::span<const EntryPlan> entries_;
};

// [ a, b ]: a member for each expression
class SquareArray final : public Scalar {
  public:
    explicit SquareArray(std::span<const Plan> members);
    Single single(Frame& frame) const override;

  private:
    std::span<const Plan> members_;
};

// array { a, b }: a member for each item
class CurlyArray final : public Scalar {
  public:
    explicit CurlyArray(Plan content);
    Single single(Frame& frame) const override;

  private:
    Plan content_;
};

// operand?key; without a key: operand?*
class Lookup final : public Operator {
  public:
    Lookup(Plan operand, Plan key);
    bool push(Frame& frame, Sink& sink) const override;

  private:
    Plan operand_;
    Plan key_;
};

}  // namespace clacks::xquery::plan
