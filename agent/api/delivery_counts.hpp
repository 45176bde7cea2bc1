// The account of what subscriptions match: every event of it is delivered, dropped for a reason, or queued.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string_view>

namespace clacks {

// Why an event that matched never reached its subscriber.
enum class DropReason : std::size_t {
    queue_full,    // it was the oldest of as many events, or bytes, as one queue may hold
    memory_limit,  // the connection, or all of them together, held too much
    closed,        // the subscription ended first
    failed,        // the agent could not take it in
};
// As programs are told it, in the order of the reasons.
inline constexpr std::array<std::string_view, 4> kDropReasons{"queue-full", "memory-limit", "closed",
                                                              "failed"};

// A copy is of one moment: matched = delivered + dropped() + queued.
struct DeliveryCounts {
    std::uint64_t matched = 0;    // handed over, or lost on the way
    std::uint64_t delivered = 0;  // written to the subscriber's link, or given to the module
    std::uint64_t queued = 0;
    std::array<std::uint64_t, kDropReasons.size()> drops{};  // by reason

    void drop(DropReason reason, std::uint64_t events = 1) {
        drops[static_cast<std::size_t>(reason)] += events;
    }
    std::uint64_t dropped(DropReason reason) const { return drops[static_cast<std::size_t>(reason)]; }
    std::uint64_t dropped() const { return std::accumulate(drops.begin(), drops.end(), std::uint64_t{0}); }
    DeliveryCounts& operator+=(const DeliveryCounts& other) {
        matched += other.matched;
        delivered += other.delivered;
        queued += other.queued;
        for (std::size_t i = 0; i < drops.size(); ++i) drops[i] += other.drops[i];
        return *this;
    }
};

}  // namespace clacks
