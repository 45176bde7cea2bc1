// How many subscriptions there may be, of one user and of all; modules' own do not pass here.
#pragma once

#include <cstddef>
#include <memory>

#include "agent/api/events.hpp"
#include "agent/telemetry/counters.hpp"

namespace clacks {

// Thread safety: every member may be called from any thread.
class SubscriptionQuota final : public Subscriptions {
  public:
    struct Limits {
        std::size_t of_user;
        std::size_t of_all;
    };
    // `behind` and the counters must outlive this and every subscription made here.
    SubscriptionQuota(Subscriptions& behind, Limits limits, Counters& counters);
    ~SubscriptionQuota() override;
    SubscriptionQuota(const SubscriptionQuota&) = delete;
    SubscriptionQuota& operator=(const SubscriptionQuota&) = delete;

    // Beyond a limit the code is "subscription-limit".
    Result<std::unique_ptr<Subscription>, Diagnostics> subscribe(SubscriptionRequest request) override;
    std::vector<SubscriptionInfo> list() const override { return behind_.list(); }
    DeliveryCounts totals() const override { return behind_.totals(); }

  private:
    struct Counted;
    class Place;

    Subscriptions& behind_;
    Counters& counters_;
    const std::shared_ptr<Counted> counted_;
};

}  // namespace clacks
