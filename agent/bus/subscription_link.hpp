// A receiver on the event address: a bounded queue that any thread fills and the bus thread empties.
// When it is full the oldest events go, and the next one delivered tells how many were lost. What waits is
// encoded: an event's tree goes as soon as it is distributed.
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "agent/bus/link.hpp"

namespace clacks::bus {

class SubscriptionLink : public OutgoingLink, public Delivery {
  public:
    SubscriptionLink(pn_link_t* link, Shared& shared, const Peer& peer);

    // Takes the subscription whose events come here.
    void hold(std::unique_ptr<Subscription> subscription) { subscription_ = std::move(subscription); }

    void deliver(const EventMessagePtr& message) override;
    DeliveryCounts counts() const override;
    bool idle() const override;
    void on_close() override;

  protected:
    bool send_next() override;

  private:
    using Encoded = std::shared_ptr<const std::string>;

    // With the lock held:
    Encoded pop();
    std::optional<DropReason> excess() const;  // why the oldest has to go
    void drop(DropReason reason, std::uint64_t events = 1);

    Encoded take(std::uint64_t& lost);

    const std::size_t max_events_, max_bytes_;
    std::atomic<std::uint64_t>& dropped_by_bus_;

    mutable std::mutex mutex_;
    std::deque<Encoded> queue_;
    std::size_t bytes_ = 0;
    std::uint64_t lost_ = 0;  // since the last event that was sent
    DeliveryCounts counts_;   // all but what is queued
    bool closed_ = false;

    std::unique_ptr<Subscription> subscription_;  // bus thread
};

}  // namespace clacks::bus
