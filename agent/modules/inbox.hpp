// The mailbox of one subscription of a module: bounded, emptied on the module's own thread.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>

#include "agent/api/events.hpp"
#include "agent/modules/worker.hpp"
#include "agent/telemetry/counters.hpp"

namespace clacks {

class Inbox final : public Delivery, public std::enable_shared_from_this<Inbox> {
  public:
    using Callback = std::function<void(const EventMessagePtr&)>;

    // The worker and the counters must outlive the inbox. The callback must not throw.
    Inbox(Worker& worker, Counters& counters, std::size_t limit, Callback callback);
    // From then on what is handed over and lost is counted for this subscription too.
    void count_for(SubscriptionCounters* counters);

    void deliver(const EventMessagePtr& message) override;

  private:
    void take_one();

    Worker& worker_;
    Counters& counters_;
    const std::size_t limit_;
    Callback callback_;
    std::mutex mutex_;
    std::deque<EventMessagePtr> waiting_;
    SubscriptionCounters* subscription_ = nullptr;
};

}  // namespace clacks
