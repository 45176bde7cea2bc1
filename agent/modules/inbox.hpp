// The mailbox of one subscription of a module: bounded, emptied on the module's own thread.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>

#include "agent/api/events.hpp"
#include "agent/modules/worker.hpp"

namespace clacks {

class Inbox;

// For an event that was handed over: it counts as queued until it is taken, and as dropped where its receipt
// goes before. Any thread.
class Receipt {
  public:
    explicit Receipt(std::shared_ptr<Inbox> inbox) : inbox_(std::move(inbox)) {}
    Receipt(Receipt&&) noexcept = default;
    ~Receipt();
    void taken();

  private:
    std::shared_ptr<Inbox> inbox_;
};

class Inbox final : public Delivery, public std::enable_shared_from_this<Inbox> {
  public:
    using Callback = std::function<void(const EventMessagePtr&, Receipt)>;

    // The worker must outlive the inbox. The callback must not throw.
    Inbox(Worker& worker, std::size_t limit, Callback callback);
    // What waits, and what comes after, is dropped. Before the subscription ends.
    void close();

    void deliver(const EventMessagePtr& message) override;
    DeliveryCounts counts() const override;

  private:
    friend class Receipt;
    void take_one();
    void settle(bool taken);

    Worker& worker_;
    const std::size_t limit_;
    Callback callback_;
    mutable std::mutex mutex_;
    std::deque<EventMessagePtr> waiting_;
    std::uint64_t handed_over_ = 0;  // whose receipts are out
    DeliveryCounts counts_;          // all but what is queued
    bool closed_ = false;
};

}  // namespace clacks
