// For queries that are explained: an operator around each expression of the text that tells a Watcher what
// came of it. A query that is not explained has none of them.
#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <vector>

#include "common/xquery/plan/operator.hpp"
#include "common/xquery/plan/watched.hpp"
#include "common/xquery/values/error.hpp"

namespace clacks::xquery::plan {

// What came of one expression over all its evaluations; see ExplainedExpression.
struct Observed {
    std::uint64_t evaluations = 0;
    std::uint64_t times_true = 0;
    std::uint64_t items = 0;
    std::vector<std::string> values;
    std::string error;
};

// Of one evaluation of a program.
class Watcher {
  public:
    explicit Watcher(const xquery::detail::Program& program);
    const Observed& of(std::size_t expression) const { return observed_[expression]; }
    Observed& of(std::size_t expression) { return observed_[expression]; }
    // The item as a person is shown it.
    std::string shown(const Item& item) const;
    // In a handler of an error that the expression's evaluation let through: keeps it of the first, innermost
    // one only.
    void failed(std::size_t expression, const Error& error);
    // The one that failed last.
    std::size_t failing() const { return failing_; }

  private:
    std::exception_ptr error_;  // that failing() told of
    std::size_t failing_ = kNoExpression;
    std::size_t memory_;
    std::vector<Observed> observed_;
};

// Gives what its operand gives.
class Watched final : public Operator {
  public:
    Watched(Plan operand, std::size_t expression);
    bool push(Frame& frame, Sink& sink) const override;
    bool ebv(Frame& frame) const override;
    const Value* constant() const override { return operand_->constant(); }

  private:
    Plan operand_;
    std::size_t expression_;
};

}  // namespace clacks::xquery::plan
