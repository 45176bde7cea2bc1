// How many connections the process's limit of open files leaves room for.
//
// The listener must never see accept() fail with EMFILE: libqpid-proton 0.37 miscounts such a failure
// (overflow_count in its epoll proactor only ever grows) and aborts the process when the listener is
// closed. So the bus keeps the number of its connections below the limit, with room to spare for those
// that proton accepts in one go (at most the backlog) before they can be dropped.
// They are dropped, as that proton cannot wait with them: what was not taken it offers again at once, for
// ever.
#pragma once

#include <cstddef>

#include "agent/bus/bus.hpp"

namespace clacks::bus {

struct DescriptorBudget {
    std::size_t connections = 0;  // that are served
    std::size_t told = 0;         // beyond these, connections that hear why they are refused
    int backlog = 0;
    std::size_t limit = 0;  // of open files
    bool reduced = false;   // the limit allows less than the options ask for
};

// Raises the process's soft limit as far as the options need and the hard limit allows.
DescriptorBudget budget_descriptors(const BusOptions& options);

// What a limit leaves room for.
DescriptorBudget share_descriptors(const BusOptions& options, std::size_t limit);

}  // namespace clacks::bus
