// The proactor and its thread: listeners, connections, deadlines, the orderly stop.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "agent/bus/bus.hpp"
#include "agent/bus/connection.hpp"
#include "agent/bus/descriptors.hpp"
#include "agent/bus/link.hpp"
#include "agent/bus/proton.hpp"
#include "common/amqp/tls.hpp"

struct pn_listener_t;

namespace clacks {

class Bus::Loop {
  public:
    Loop(BusOptions options, BusHandler& handler, const Clock& clock)
        : shared_(std::move(options), handler, clock) {}
    ~Loop();

    Result<void, Diagnostics> start();
    Result<void, Diagnostic> take_certificate(const BusCertificate& certificate);
    void stop(std::chrono::milliseconds deadline);
    std::vector<std::uint16_t> ports() const;
    Result<std::uint16_t, Diagnostic> open_intake(Intake intake, IntakeHandler handler);
    bus::Shared& shared() { return shared_; }

  private:
    struct Listening {
        BusListener wanted;
        std::shared_ptr<const bus::OpenIntake> intake;  // null for the options' listeners
        pn_listener_t* listener = nullptr;
        std::uint16_t port = 0;
        bool open = false, closed = false;
        std::optional<Diagnostic> failure{};
    };

    Diagnostics check() const;
    void take_descriptors();
    // For listeners that ask for a password, and for those that ask for a certificate; null without such a
    // listener.
    struct Tls {
        std::shared_ptr<const amqp::TlsServer> by_password, by_certificate;
    };
    Result<Tls, Diagnostic> load_tls(const BusCertificate& files) const;
    // The new one's index in listening_.
    std::size_t listen(const BusListener& wanted, int backlog,
                       std::shared_ptr<const bus::OpenIntake> intake = nullptr);
    void wait_for_listeners();
    Diagnostics failures() const;
    void run();
    bool handle(pn_event_t* event, pn_connection_t* connection);
    void on_listener(pn_event_t* event, bool open);
    void accept(pn_listener_t* listener);
    // Has the timer wake the connection, when there is one, as long as it waits for something.
    void watch(pn_connection_t* connection);
    void forget(pn_connection_t* connection);
    void on_timer();
    void set_timer(std::uint32_t milliseconds);
    void begin_stop(SteadyTime deadline);
    void go_on_stopping();
    bool listeners_closed() const;
    void tell_reach() const;
    bus::Connection::Admission admission(bool intake) const;
    void tell_of_too_many(bool intake);
    Listening* find(pn_listener_t* listener);

    bus::Shared shared_;
    bus::DescriptorBudget budget_;
    Tls tls_;  // for the bus thread once it runs; before the proactor, whose connections use it
    bus::Proactor proactor_;
    struct Served {
        std::unique_ptr<bus::Connection> connection;
        std::optional<SteadyTime> due;  // as it stands in due_
    };
    std::unordered_map<pn_connection_t*, Served> connections_;
    // Those of them that the timer wakes: few of the many that there may be.
    std::set<std::pair<SteadyTime, pn_connection_t*>> due_;
    std::unordered_set<pn_connection_t*> blocked_;
    SteadyTime stop_at_;  // when the present stage of stopping is over
    enum class Stage { running, draining, closing, dropping, ended };
    Stage stage_ = Stage::running;
    bool timer_set_ = false;

    mutable std::mutex mutex_;  // for what start(), ports() and open_intake() look at
    std::condition_variable changed_;
    std::vector<Listening> listening_;
    std::thread thread_;
};

}  // namespace clacks
