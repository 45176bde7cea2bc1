// What the agent counts of itself. Plain atomics in one struct, handed to those who count.
//
// Thread safety: every member may be read and raised from any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

namespace clacks {

struct Counters {
    using Counter = std::atomic<std::uint64_t>;

    Counter published{0};              // events accepted
    Counter rejected{0};               // events refused: invalid, too large, not permitted
    Counter rate_limited{0};           // of these: their user sends too many
    Counter messages_dropped{0};       // of modules' listeners, lost to a full mailbox
    Counter filter_errors{0};          // dynamic errors of filters
    Counter filters_left_out{0};       // evaluations beyond what their users' filters may cost together
    Counter filters_refused{0};        // attaches refused for their filter
    Counter subscriptions_refused{0};  // beyond a limit of their number
    Counter requests{0};               // JSON-RPC requests
    Counter request_errors{0};         // of them answered with an error
    Counter module_errors{0};          // exceptions out of modules
    Counter module_failures{0};        // processes of modules that ended by themselves or were killed
    Counter connections{0};            // open now
    Counter connections_refused{0};    // failed authentication, limits, deadline
    Counter subscriptions{0};          // open now
};

// "published 12, rejected 0, …" in the struct's order, for a log line.
std::string to_string(const Counters& counters);

}  // namespace clacks
