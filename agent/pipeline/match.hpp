// A subscription, its filter, and the question that each event is: who wants it?
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "agent/api/events.hpp"
#include "agent/pipeline/filter_budget.hpp"
#include "common/events/catalogue.hpp"
#include "common/xquery/analysis/condition.hpp"
#include "common/xquery/xquery.hpp"

namespace clacks {

// What the pipeline itself counts of one subscription; the rest is its Delivery's account.
struct SubscriptionCounters {
    std::atomic<std::uint64_t> evaluated{0};
    std::atomic<std::uint64_t> errors{0};  // dynamic errors of the filter
    std::atomic<std::uint64_t> failed{0};  // matched, and deliver() threw
    std::atomic<std::uint64_t> steps{0};   // of all evaluations
    std::atomic<std::uint64_t> most_steps{0};

    void evaluation(std::uint64_t steps_used);
};

// A filter beside the catalogue: what is known of its events without evaluating it.
struct KnownFilter {
    // That it can be true of, sorted; every one of the catalogue for "", none where no event can match.
    std::vector<std::string> events;
    xquery::analysis::Condition condition;       // that must hold
    std::shared_ptr<const xquery::Query> query;  // null: it is true if the condition holds
    Diagnostics never;                           // why no event can match, if none can
};

// One subscription in the table.
struct Subscriber {
    std::uint64_t id = 0;
    std::size_t place = 0;  // among the subscribers of its filter's group, which keeps it
    std::string owner;
    std::string link;
    std::string filter;
    std::shared_ptr<Delivery> delivery;
    std::shared_ptr<FilterBudget> budget;  // its owner's, or null: it may cost what it likes
    bool own = false;                      // of the agent and its modules
    std::string never;                     // why no event can match, or ""
    std::atomic<bool> indexed{false};
    WallTime since;
    SubscriptionCounters counters;

    void keep_error(const std::string& text);
    // An event that it was not asked about, as its owner's budget is used up.
    void leave_out();
    SubscriptionInfo info() const;
    // Takes what is known of the filter now. What is to be logged of it: why no event can match, or that some
    // can again; nothing where it was so before.
    std::string judge(const KnownFilter& known);
    DeliveryCounts counts() const;

  private:
    std::atomic<bool> left_out_{false};  // and the error kept says so
    mutable std::mutex error_mutex_;
    std::string last_error_;
};

// Compiles a filter as the agent runs it: `e` is bound to the events namespace unless it says otherwise.
Result<xquery::Query, Diagnostics> compile_filter(const std::string& text, const xquery::Limits& limits);

// Of a filter's text, "" being true for every event.
Result<KnownFilter, Diagnostics> know_filter(const std::string& text, const xquery::Limits& limits,
                                             const events::Catalogue& catalogue);

// Makes the event the query's context item and the message's properties its external variables. The problem
// is a variable that must have a value and has none.
Result<void> bind_message(const xquery::Query& query, const EventMessage& message,
                          xquery::DynamicContext& context);

}  // namespace clacks
