#include "agent/bus/descriptors.hpp"

#include <sys/resource.h>

#include <algorithm>

namespace clacks::bus {

namespace {

constexpr std::size_t kTold = 64;
constexpr std::size_t kOthers = 256;  // files, modules' sockets, other libraries

// While one batch of accepted connections waits to be dropped, proton may accept another.
std::size_t in_flight(const BusOptions& options, int backlog) {
    return 2 * static_cast<std::size_t>(backlog) * std::max<std::size_t>(options.listeners.size(), 1);
}

}  // namespace

DescriptorBudget share_descriptors(const BusOptions& options, std::size_t limit) {
    DescriptorBudget budget{options.max_connections, kTold, options.backlog, limit};
    if (limit >= budget.connections + kTold + kOthers + in_flight(options, budget.backlog)) return budget;
    budget.reduced = true;
    const std::size_t listeners = std::max<std::size_t>(options.listeners.size(), 1);
    budget.backlog = std::clamp(static_cast<int>(limit / (8 * listeners)), 1, options.backlog);
    budget.told = std::min(kTold, limit / 8);
    const std::size_t taken = budget.told + std::min(kOthers, limit / 4) + in_flight(options, budget.backlog);
    budget.connections = std::min(budget.connections, limit > taken ? limit - taken : 1);
    return budget;
}

DescriptorBudget budget_descriptors(const BusOptions& options) {
    rlimit now{};
    if (::getrlimit(RLIMIT_NOFILE, &now) != 0) return share_descriptors(options, 1024);
    const rlim_t wanted = options.max_connections + kTold + kOthers + in_flight(options, options.backlog);
    if (now.rlim_cur != RLIM_INFINITY && now.rlim_cur < wanted) {
        rlimit raised = now;
        raised.rlim_cur = now.rlim_max == RLIM_INFINITY ? wanted : std::min(wanted, now.rlim_max);
        if (::setrlimit(RLIMIT_NOFILE, &raised) == 0) now = raised;
    }
    return share_descriptors(options, now.rlim_cur == RLIM_INFINITY ? wanted : now.rlim_cur);
}

}  // namespace clacks::bus
