// One link of a connection, whatever it is for. All calls come on the bus thread.
#pragma once

#include <proton/delivery.h>
#include <proton/link.h>

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "agent/bus/bus.hpp"
#include "agent/bus/encoder.hpp"
#include "agent/bus/waker.hpp"

namespace clacks::amqp {
struct SaslServer;
}

namespace clacks::bus {

class ReplyLink;

// What the links and connections of one bus share. For the bus thread, apart from the work queue.
struct Shared {
    Shared(BusOptions given, BusHandler& its_handler, const Clock& its_clock)
        : options(std::move(given)), handler(its_handler), clock(its_clock) {}

    const BusOptions options;
    BusHandler& handler;
    const Clock& clock;
    BusCounters counters;
    EncodedEvents encoded;
    std::unordered_map<std::string, std::weak_ptr<ReplyLink>> replies;  // by address
    std::shared_ptr<const amqp::SaslServer> sasl;
    std::shared_ptr<WorkQueue> work = std::make_shared<WorkQueue>();

    void info(const std::string& line) const {
        if (options.log) options.log(BusLogLevel::info, line);
    }
    void warn(const std::string& line) const {
        if (options.log) options.log(BusLogLevel::warning, line);
    }
};

// What a link knows of the connection it belongs to.
struct Peer {
    std::string user;  // authenticated
    std::shared_ptr<Waker> waker;
};

class Link {
  public:
    virtual ~Link() = default;
    virtual void on_delivery(pn_delivery_t* delivery) = 0;
    virtual void on_flow() {}
    // Sends what is queued as far as credit and the outgoing window reach.
    virtual void pump() {}
    // Something is queued and credit is there, but the outgoing window is full.
    virtual bool blocked() const { return false; }
    virtual bool idle() const { return true; }  // nothing is queued
    virtual void on_close() {}                  // the last call; the link's pointer is void after it
};

// The part that subscription and reply links have in common.
class OutgoingLink : public Link {
  public:
    OutgoingLink(pn_link_t* link, Shared& shared) : link_(link), shared_(shared) {}
    void on_delivery(pn_delivery_t* delivery) override;
    void on_flow() override;
    bool blocked() const override { return blocked_; }

  protected:
    enum class Room { none, window_full, ready };
    Room room() const;
    void send(std::string_view bytes);

    pn_link_t* link_;
    Shared& shared_;
    bool blocked_ = false;

  private:
    std::uint64_t next_tag_ = 0;
};

}  // namespace clacks::bus
