// Comparisons (XQuery 3.1, 3.7).
#pragma once

#include "common/xquery/plan/operator.hpp"
#include "common/xquery/values/compare.hpp"

namespace clacks::xquery::plan {

// left = right, and so on: true when any pair is. The left side streams; the right side is held.
class GeneralComparison final : public Truth {
  public:
    GeneralComparison(Comparison op, Plan left, Plan right);
    bool ebv(Frame& frame) const override;

  private:
    Comparison op_;
    Plan left_;
    Plan right_;
    // texts: the right side is strings known beforehand, and the comparison = or !=. number: it is one known
    // number, and the left side at most one.
    enum class Form : std::uint8_t { any, texts, number };
    Form form_ = Form::any;
};

// count(X) > 3 counts no further than it must.
class CountComparison final : public Truth {
  public:
    CountComparison(Comparison op, Plan counted, std::uint64_t bound);
    bool ebv(Frame& frame) const override;

  private:
    Comparison op_;
    Plan counted_;
    std::uint64_t bound_;
};

class ValueComparison final : public Scalar {
  public:
    ValueComparison(Comparison op, Plan left, Plan right);
    Single single(Frame& frame) const override;

  private:
    Single operand(Plan plan, Frame& frame) const;
    Comparison op_;
    Plan left_;
    Plan right_;
};

class NodeComparison final : public Scalar {
  public:
    enum class Form : std::uint8_t { is, before, after };
    NodeComparison(Form form, Plan left, Plan right);
    Single single(Frame& frame) const override;

  private:
    Single operand(Plan plan, Frame& frame) const;
    Form form_;
    Plan left_;
    Plan right_;
};

}  // namespace clacks::xquery::plan
