// What the load programs have in common: one connection on the C proactor, logged in, with one link. The
// C interface is used so that the load side takes less than what is measured.
#pragma once

#include <proton/condition.h>
#include <proton/connection.h>
#include <proton/delivery.h>
#include <proton/event.h>
#include <proton/link.h>
#include <proton/proactor.h>
#include <proton/sasl.h>
#include <proton/session.h>
#include <proton/transport.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "agent/bus/proton.hpp"

namespace clacks::bench {

struct PeerOptions {
    std::string address;  // host:port
    std::string target = "org.clacks.event";
    std::string user = "admin", password = "secret";
    std::uint64_t events = 100'000;

    void add_to(CLI::App& app) {
        app.add_option("address", address, "HOST:PORT")->required();
        app.add_option("--events", events, "how many");
        app.add_option("--target", target, "the event address");
        app.add_option("--user", user);
        app.add_option("--password", password);
    }
};

[[noreturn]] inline void give_up(const std::string& why) {
    std::fprintf(stderr, "%s\n", why.c_str());
    std::exit(1);
}

inline double processor_seconds() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

class Peer {
  public:
    virtual ~Peer() = default;

    // Returns once the connection that finish() closed is gone; ends the process when it breaks before.
    void run() {
        proactor_.reset(pn_proactor());
        connection_ = pn_connection();
        auto* transport = pn_transport();
        pn_connection_set_container(connection_, name());
        pn_connection_set_user(connection_, options_.user.c_str());
        pn_connection_set_password(connection_, options_.password.c_str());
        pn_sasl_set_allow_insecure_mechs(pn_sasl(transport), true);
        pn_transport_set_max_frame(transport, 64 * 1024);
        pn_proactor_connect2(proactor_.get(), connection_, transport, options_.address.c_str());
        while (running_) {
            auto* batch = pn_proactor_wait(proactor_.get());
            while (auto* event = pn_event_batch_next(batch)) handle(event);
            pn_proactor_done(proactor_.get(), batch);
        }
    }

  protected:
    explicit Peer(const PeerOptions& options) : options_(options) {}

    virtual const char* name() const = 0;
    virtual pn_link_t* open_link(pn_session_t* session) = 0;  // opens one with its terminus
    virtual void on_open() {}
    virtual void on_credit() {}
    virtual void on_delivery(pn_delivery_t* delivery) = 0;
    virtual void on_timer() {}

    void finish() { pn_connection_close(connection_); }
    pn_proactor_t* proactor() { return proactor_.get(); }
    pn_link_t* link() { return link_; }

    const PeerOptions options_;

  private:
    [[noreturn]] void broken(const char* what, pn_condition_t* condition) {
        give_up(std::string(name()) + ": " + what + ": " + bus::text(pn_condition_get_name(condition)) + " " +
                bus::text(pn_condition_get_description(condition)));
    }

    void handle(pn_event_t* event) {
        switch (pn_event_type(event)) {
            case PN_CONNECTION_INIT: {
                pn_connection_open(connection_);
                auto* session = pn_session(connection_);
                pn_session_set_incoming_capacity(session, 1024 * 1024);
                pn_session_open(session);
                link_ = open_link(session);
                break;
            }
            case PN_LINK_REMOTE_OPEN:
                on_open();
                break;
            case PN_LINK_FLOW:
            case PN_CONNECTION_WAKE:
                on_credit();
                break;
            case PN_DELIVERY:
                on_delivery(pn_event_delivery(event));
                break;
            case PN_PROACTOR_TIMEOUT:
                on_timer();
                break;
            case PN_LINK_REMOTE_CLOSE:
            case PN_LINK_REMOTE_DETACH:
                broken("the link was closed", pn_link_remote_condition(pn_event_link(event)));
            case PN_CONNECTION_REMOTE_CLOSE:
                if (pn_connection_state(connection_) & PN_LOCAL_ACTIVE)
                    broken("the connection was closed", pn_connection_remote_condition(connection_));
                break;
            case PN_TRANSPORT_CLOSED:
                if (pn_connection_state(connection_) & PN_LOCAL_ACTIVE)
                    broken("the connection broke", pn_transport_condition(pn_event_transport(event)));
                running_ = false;
                break;
            default:
                break;
        }
    }

    bus::Proactor proactor_;
    pn_connection_t* connection_ = nullptr;
    pn_link_t* link_ = nullptr;
    bool running_ = true;
};

}  // namespace clacks::bench
