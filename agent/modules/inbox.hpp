// The mailbox of one subscription of a module: bounded, emptied on the module's own thread.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>

#include "agent/api/events.hpp"
#include "agent/modules/worker.hpp"

namespace clacks {

class Inbox final : public Delivery, public std::enable_shared_from_this<Inbox> {
  public:
    using Callback = std::function<void(const EventMessagePtr&)>;

    // The worker must outlive the inbox. The callback must not throw.
    Inbox(Worker& worker, std::size_t limit, Callback callback);
    // What waits, and what comes after, is dropped. Before the subscription ends.
    void close();

    void deliver(const EventMessagePtr& message) override;
    DeliveryCounts counts() const override;

  private:
    void take_one();

    Worker& worker_;
    const std::size_t limit_;
    Callback callback_;
    mutable std::mutex mutex_;
    std::deque<EventMessagePtr> waiting_;
    DeliveryCounts counts_;  // all but what is queued
    bool closed_ = false;
};

}  // namespace clacks
