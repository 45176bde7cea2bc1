// The way of events from the bus thread into the agent. One that comes alone is published by the bus thread
// itself, as nothing is faster; of several that a connection brings at once, a thread of its own publishes
// one after the other while the bus thread reads and writes. Either way events keep the order in which they
// came, and every event that came is published, whatever becomes of its connection.
//
// Thread safety: all members are for the bus thread.
#pragma once

#include <proton/delivery.h>

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "agent/api/bus.hpp"
#include "agent/bus/proton.hpp"
#include "agent/bus/waker.hpp"

namespace clacks::bus {

class Link;

// What became of a link's events: filled by the thread that publishes, and taken by the link when its
// connection is woken.
class Outcomes {
  public:
    struct Outcome {
        pn_delivery_t* delivery;  // null: settled already
        Result<void, Refusal> result;
    };

    // For the bus thread; the link takes what is there when it is pumped, and outlives its entries in the
    // queue.
    Outcomes(Link& link, std::shared_ptr<Waker> waker) : link_(link), waker_(std::move(waker)) {}

    void put(Outcome outcome) {
        const std::lock_guard lock(mutex_);
        outcomes_.push_back(std::move(outcome));
    }
    std::vector<Outcome> take() {
        const std::lock_guard lock(mutex_);
        return std::exchange(outcomes_, {});
    }
    Link& link() const { return link_; }
    void wake() { waker_->wake(); }

  private:
    std::mutex mutex_;
    std::vector<Outcome> outcomes_;
    Link& link_;
    const std::shared_ptr<Waker> waker_;
};

class PublishQueue {
  public:
    struct Entry {
        Publication publication;
        pn_delivery_t* delivery;
        std::shared_ptr<Outcomes> outcomes;
    };

    explicit PublishQueue(BusHandler& handler) : handler_(handler) {}
    ~PublishQueue() { stop(); }
    PublishQueue(const PublishQueue&) = delete;
    PublishQueue& operator=(const PublishQueue&) = delete;

    void start();
    // Publishes what is left first.
    void stop();

    void add(Entry entry) { batch_.push_back(std::move(entry)); }
    // At the end of a batch of proton's events. Waits while more than 1 MiB is on its way, for no longer than
    // it would take this thread to publish that.
    void flush();
    // Waits until nothing is on its way.
    void drain();
    bool idle() const;

  private:
    void run();
    void publish(Entry& entry);
    bool quiet() const { return waiting_.empty() && !busy_; }  // with the lock held

    BusHandler& handler_;
    std::vector<Entry> batch_;  // of the events of proton that are being handled

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Entry> waiting_;
    std::size_t waiting_bytes_ = 0;
    bool busy_ = false;  // with what was taken from waiting_
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace clacks::bus
