// A filter beside the catalogue: which events it can be true of, and why of none.
//
// Thread safety: pure.
#pragma once

#include <string>
#include <vector>

#include "common/base/result.hpp"
#include "common/events/catalogue.hpp"
#include "common/xquery/analysis/condition.hpp"

namespace clacks::matching {

struct Understanding {
    // The names of the event types that it can be true of, sorted. None: it never is.
    std::vector<std::string> events;
    // What must hold of such an event, without what holds of each of them by its type.
    xquery::analysis::Condition condition;
    // The filter is true of such an event if and only if the condition holds: it need not be evaluated.
    bool sufficient = false;
    // Why it can never match, where there are no events; else what in it never holds. Code "filter-never",
    // each with its place in the filter.
    Diagnostics problems;
    Diagnostics warnings;
};

// Sound: an event type that is left out has no event that the filter is true of.
Understanding understand(const xquery::analysis::Condition& condition, const events::Catalogue& catalogue);

}  // namespace clacks::matching
