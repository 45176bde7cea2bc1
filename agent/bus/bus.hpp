// The embedded AMQP 1.0 bus (OASIS AMQP 1.0; addresses, filters and messages as docs tell). It listens,
// authenticates, decodes, settles and queues, on a thread of its own; what events and commands mean is
// decided by its BusHandler.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "agent/api/bus.hpp"
#include "agent/api/intake.hpp"
#include "agent/api/requests.hpp"
#include "common/amqp/identity.hpp"
#include "common/base/clock.hpp"
#include "common/base/result.hpp"

namespace clacks {

struct BusListener {
    std::string host = "127.0.0.1";
    std::uint16_t port = 0;  // 0: one that is free
    bool tls = false;        // amqps, by the options' certificate
    // SASL EXTERNAL alone: the peer's certificate says who it is. Only with tls.
    bool client_certificates = false;
};

// Written on the bus thread, readable from any.
struct BusCounters {
    std::atomic<std::uint64_t> connections{0};  // accepted so far
    std::atomic<std::uint64_t> open{0};         // now
    std::atomic<std::uint64_t> refused{0};      // connections ended by a limit or before they opened
    std::atomic<std::uint64_t> crowded_out{
        0};  // of these: not yet open, for a newer one or its address's limit
    std::atomic<std::uint64_t> auth_failures{0};
    std::atomic<std::uint64_t> links_refused{0};
    std::atomic<std::uint64_t> published{0};            // events accepted
    std::atomic<std::uint64_t> rejected{0};             // deliveries rejected, presettled ones included
    std::atomic<std::uint64_t> rejected_presettled{0};  // of these: their senders cannot learn it
    std::atomic<std::uint64_t> requests{0};
    std::atomic<std::uint64_t> replies_lost{0};  // the caller or client was gone, or its queue full
    std::atomic<std::uint64_t> delivered{0};     // events sent to subscribers
    std::atomic<std::uint64_t> dropped{0};       // events lost to full queues
};

enum class BusLogLevel { debug, info, warning };

struct BusCertificate {
    std::string chain, key;             // PEM files
    std::string client_ca, client_crl;  // the same, for listeners with client_certificates; the CRL may be ""
};

struct BusOptions {
    std::vector<BusListener> listeners;
    BusCertificate certificate;   // for listeners with tls
    amqp::IdentityRule identity;  // for listeners with client_certificates
    std::string sasldb;           // absolute path; authentication is never off
    std::string realm = "clacks";
    std::string domain = "org.clacks";
    std::string node;               // this agent's id
    bool plain_on_loopback = true;  // PLAIN without TLS, on loopback listeners only

    std::uint32_t frame_bytes = 64 * 1024;
    std::size_t message_bytes = 1024 * 1024;
    std::chrono::milliseconds open_deadline{10000};  // for TLS, SASL and the AMQP open together
    std::chrono::milliseconds idle_timeout{60000};
    std::uint32_t credit = 256;                      // messages that a sender may have on the way
    std::size_t max_connections = 4096;              // those beyond are told amqp:resource-limit-exceeded
    std::size_t max_per_address = 1024;              // of them from one host; more are closed at once
    std::size_t max_opening = 2048;                  // not yet open; a newer one takes the oldest one's place
    std::uint16_t sessions = 16;                     // of one connection
    std::size_t links = 256;                         // of one connection
    std::size_t outgoing_bytes = 1024 * 1024;        // of one connection, in proton's buffers
    std::size_t unsettled = 10000;                   // deliveries of one link that its receiver holds
    std::size_t unsettled_bytes = 16 * 1024 * 1024;  // of them, as proton keeps their memory so long
    std::size_t queue_events = 10000;                // of one subscription
    std::size_t queue_bytes = 16 * 1024 * 1024;
    // What queues and unsettled deliveries may hold, of one connection and of all. Beyond it each queue keeps
    // its newest event alone, and each link has one delivery on the way.
    std::size_t connection_bytes = 64 * 1024 * 1024;
    std::size_t held_bytes = 1024 * 1024 * 1024;
    int backlog = 1024;

    // One line per change of state, from the bus thread. May be empty.
    std::function<void(BusLogLevel, const std::string&)> log;
};

class Bus final : public Intakes, public ClientRequests {
  public:
    // The handler and the clock must outlive the bus.
    Bus(BusOptions options, BusHandler& handler, const Clock& clock = system_clock());
    ~Bus() override;  // stops at once, if still running
    Bus(const Bus&) = delete;
    Bus& operator=(const Bus&) = delete;

    // Raises the process's soft limit of open files if max_connections needs it and the hard limit allows
    // it, else serves fewer. Binds every listener and starts the thread, or returns all problems (a port in
    // use, a listener beyond loopback without TLS, unreadable files) and listens on none.
    Result<void, Diagnostics> start();
    // The bound ports in the order of the listeners; after start().
    std::vector<std::uint16_t> ports() const;
    // Reads the files now, and takes them for all who connect from now on; with an error the old ones
    // stay. Does nothing without a listener with tls. From any thread, between start() and stop().
    Result<void, Diagnostic> take_certificate(const BusCertificate& certificate);
    // From any thread but the bus's, between start() and stop().
    Result<std::uint16_t, Diagnostic> open_intake(Intake intake, IntakeHandler handler) override;
    // From any thread; without an answer once the bus has stopped.
    void ask(ClientRequest request, const std::shared_ptr<ClientAnswer>& answer) override;
    // Accepts no more, sends what is queued until the deadline is over, closes every connection with
    // amqp:connection:forced and joins the thread. Peers that do not answer the close get until the
    // deadline, but at least half a second. Idempotent. Not from the bus thread.
    void stop(std::chrono::milliseconds deadline = std::chrono::milliseconds(2000));
    // Runs `work` on the bus thread. From any thread; dropped once the bus has stopped.
    void post(std::function<void()> work);
    const BusCounters& counters() const;

  private:
    class Loop;
    std::shared_ptr<Loop> loop_;
};

}  // namespace clacks
