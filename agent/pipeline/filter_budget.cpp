#include "agent/pipeline/filter_budget.hpp"

#include <algorithm>
#include <chrono>

#include "common/base/text.hpp"

namespace clacks {

namespace {

constexpr std::chrono::minutes kLinePause{1};

Diagnostic exhausted(const std::string& user, std::uint64_t per_second) {
    Diagnostic problem;
    problem.code = "filter-budget";
    problem.source = "filter";
    problem.message = "the filters of '" + one_line(user, 80) + "' take more than " +
                      std::to_string(per_second) + " steps a second, and are not asked about every event";
    problem.hint =
        "write them so that the index decides (clacks filter check tells), or raise [limits] "
        "filter-steps-per-second";
    return problem;
}

}  // namespace

FilterBudget::FilterBudget(const std::string& user, std::uint64_t per_second, SteadyTime now)
    : exhausted_(clacks::exhausted(user, per_second)),
      bucket_(static_cast<double>(per_second), now),
      lines_(1, kLinePause) {}

bool FilterBudget::left(SteadyTime now) const {
    const std::lock_guard lock(mutex_);
    return bucket_.tokens(now) > 0;
}

bool FilterBudget::full(SteadyTime now) const {
    const std::lock_guard lock(mutex_);
    return bucket_.full(now);
}

void FilterBudget::pay(std::uint64_t steps, SteadyTime now) {
    const std::lock_guard lock(mutex_);
    bucket_.take(static_cast<double>(steps), now);
}

std::optional<std::string> FilterBudget::left_out(SteadyTime now) {
    const std::lock_guard lock(mutex_);
    return lines_.admit(now);
}

std::shared_ptr<FilterBudget> FilterBudgets::of(const std::string& user, SteadyTime now) {
    if (per_second_ == 0) return nullptr;
    const std::lock_guard lock(mutex_);
    if (budgets_.size() >= sweep_at_) forget_full(now);
    auto& budget = budgets_[user];
    if (!budget) budget = std::make_shared<FilterBudget>(user, per_second_, now);
    return budget;
}

void FilterBudgets::forget_full(SteadyTime now) {
    std::erase_if(budgets_, [&](const auto& entry) {
        return entry.second.use_count() == 1 && entry.second->full(now);
    });
    sweep_at_ = std::max<std::size_t>(64, 2 * budgets_.size());
}

}  // namespace clacks
