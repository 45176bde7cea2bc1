// One link of a connection, whatever it is for. All calls come on the bus thread.
#pragma once

#include <proton/delivery.h>
#include <proton/link.h>
#include <proton/session.h>

#include <concepts>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/bus/bus.hpp"
#include "agent/bus/held_bytes.hpp"
#include "agent/bus/refusal_log.hpp"
#include "agent/bus/waker.hpp"
#include "common/base/line_limit.hpp"
#include "common/base/text.hpp"

namespace clacks::amqp {
struct SaslServer;
}

namespace clacks::bus {

class Connection;
class InboxLink;

// What the links and connections of one bus share. For the bus thread, apart from the work queue.
struct Shared {
    Shared(BusOptions given, BusHandler& its_handler, const Clock& its_clock)
        : options(std::move(given)),
          handler(its_handler),
          clock(its_clock),
          held(std::make_shared<HeldBytes>(options.held_bytes)) {}

    const BusOptions options;
    BusHandler& handler;
    const Clock& clock;
    BusCounters counters;
    std::shared_ptr<HeldBytes> held;                                                  // by all connections
    std::map<std::pair<std::string, std::string>, std::weak_ptr<InboxLink>> inboxes;  // by user, address
    // The agent's own requests to clients, by the client's user and the reply address.
    std::map<std::pair<std::string, std::string>, std::weak_ptr<ClientAnswer>> asked;
    std::size_t sweep_asked_at = 64;  // as many entries, and those whose caller has gone are looked for
    std::string received;             // the message that is being read
    std::size_t max_connections = 0;  // by the options and the limit of open files
    std::size_t served = 0;           // open connections within the limit
    std::size_t at_intakes = 0;       // the same of all intakes together
    std::map<std::string, std::size_t, std::less<>> by_host;  // connections, apart from those of intakes
    std::list<Connection*> opening;                           // not yet open, the oldest first; likewise
    LineLimit refusals{100, std::chrono::seconds(1)};         // lines about what strangers got wrong
    LineLimit over_limit{1, std::chrono::seconds(1)};         // lines about connections beyond the limit
    std::shared_ptr<const amqp::SaslServer> by_password, by_certificate;
    std::shared_ptr<WorkQueue> work = std::make_shared<WorkQueue>();

    void debug(const std::string& line) const {
        if (options.log) options.log(BusLogLevel::debug, line);
    }
    void info(const std::string& line) const {
        if (options.log) options.log(BusLogLevel::info, line);
    }
    void warn(const std::string& line) const {
        if (options.log) options.log(BusLogLevel::warning, line);
    }
    // The same for lines that a stranger can cause as often as he likes: made when they are written.
    template <std::invocable Line>
    void warn_of_refusal(Line line) {
        if (const auto more = refusals.admit(clock.steady())) warn(line() + *more);
    }
    void warn_of_refusal(const std::string& line) {
        warn_of_refusal([&line] { return line; });
    }
};

// An error of the handler as AMQP tells it.
inline Refusal refusal_of(const Diagnostic& error) {
    return {condition_of(error), to_string(error)};
}

// What the links that send over one connection share.
struct Outgoing {
    std::size_t links = 0;  // those that have something queued
    std::vector<pn_session_t*> sessions;

    // What waits inside proton to be sent.
    std::size_t bytes_beside(const pn_session_t* own) const {
        std::size_t bytes = 0;
        for (auto* session : sessions)
            if (session != own) bytes += pn_session_outgoing_bytes(session);
        return bytes;
    }
};

// What a link knows of the connection it belongs to.
struct Peer {
    std::string user;     // authenticated, or "" at an intake
    std::string address;  // host:port, for the log
    std::shared_ptr<Waker> waker;
    std::shared_ptr<RefusalLog> refusals;
    std::shared_ptr<HeldBytes> held;
    std::shared_ptr<Outgoing> outgoing;

    void note_refusal(std::string_view what, const Refusal& refusal) const {
        refusals->note(shown(), what, refusal);
    }
    std::string name() const { return user.empty() ? "an unnamed sender" : "'" + one_line(user) + "'"; }
    std::string shown() const { return name() + " from " + address; }
};

class Link {
  public:
    virtual ~Link() = default;
    virtual void on_delivery(pn_delivery_t* delivery) = 0;
    virtual void on_flow() {}
    // Sends what is queued as far as credit and the outgoing window reach.
    virtual void pump() {}
    virtual bool idle() const { return true; }  // nothing is queued
    virtual void on_close() {}                  // the last call; the link's pointer is void after it
};

// The part that subscription and inbox links have in common.
class OutgoingLink : public Link {
  public:
    OutgoingLink(pn_link_t* link, Shared& shared, const Peer& peer)
        : link_(link), shared_(shared), waker_(peer.waker), held_(peer.held), outgoing_(peer.outgoing) {}
    ~OutgoingLink() override {
        held_->remove(unsettled_bytes_);
        set_blocked(false);
        set_sending(false);
    }
    OutgoingLink(const OutgoingLink&) = delete;
    OutgoingLink& operator=(const OutgoingLink&) = delete;
    void on_delivery(pn_delivery_t* delivery) override;
    void on_flow() override { pump(); }
    void pump() override;

  protected:
    virtual bool send_next() = 0;  // false: nothing is left
    void send(std::string_view message);

    pn_link_t* link_;
    Shared& shared_;
    const std::shared_ptr<Waker> waker_;     // of the link's connection
    const std::shared_ptr<HeldBytes> held_;  // likewise

  private:
    bool has_room() const;  // among what may be unsettled
    bool may_send() const { return pn_link_credit(link_) > 0 && has_room(); }

    void set_blocked(bool blocked);
    void set_sending(bool sending);
    int share() const;

    const std::shared_ptr<Outgoing> outgoing_;  // of the link's connection
    bool is_sending_ = false;
    bool blocked_ = false;  // something is queued and credit is there, but the outgoing window is full
    std::uint64_t next_tag_ = 0;
    std::size_t unsettled_bytes_ = 0;
};

}  // namespace clacks::bus
