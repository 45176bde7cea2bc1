// What all filters of one user may cost together: steps of their evaluations in a second, a token bucket that
// holds one second's worth.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "common/base/line_limit.hpp"
#include "common/base/result.hpp"
#include "common/base/token_bucket.hpp"

namespace clacks {

// One user's. Thread safety: every member may be called from any thread.
class FilterBudget {
  public:
    FilterBudget(const std::string& user, std::uint64_t per_second, SteadyTime now);

    // Whether something is left. One evaluation may then take more than that, which the next ones wait for.
    bool left(SteadyTime now) const;
    bool full(SteadyTime now) const;
    void pay(std::uint64_t steps, SteadyTime now);
    // Why an evaluation was left out.
    const Diagnostic& exhausted() const { return exhausted_; }
    // Counts an evaluation that was left out; what to append to the log's line on that, if one is due.
    std::optional<std::string> left_out(SteadyTime now);

  private:
    const Diagnostic exhausted_;
    mutable std::mutex mutex_;
    TokenBucket bucket_;
    LineLimit lines_;
};

// Every user's. Thread safety: every member may be called from any thread.
class FilterBudgets {
  public:
    // `per_second` 0 is no limit.
    explicit FilterBudgets(std::uint64_t per_second) : per_second_(per_second) {}

    // The same one for a user as long as somebody has it or it is not full again, so that to subscribe anew
    // gains nothing; null without a limit.
    std::shared_ptr<FilterBudget> of(const std::string& user, SteadyTime now);

  private:
    void forget_full(SteadyTime now);

    const std::uint64_t per_second_;
    std::mutex mutex_;
    std::unordered_map<std::string, std::shared_ptr<FilterBudget>> budgets_;
    std::size_t sweep_at_ = 64;  // as many, and those that are full and nobody's are let go of
};

}  // namespace clacks
