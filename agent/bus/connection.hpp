// One accepted connection: who it is, its links, its deadlines. All calls come on the bus thread.
#pragma once

#include <proton/connection.h>
#include <proton/event.h>
#include <proton/transport.h>

#include <memory>
#include <string>
#include <unordered_map>

#include "agent/bus/checked_input.hpp"
#include "agent/bus/intake_link.hpp"
#include "agent/bus/link.hpp"
#include "agent/bus/proton.hpp"

namespace clacks::bus {

class Connection {
  public:
    // How a new connection stands to BusOptions::max_connections: within it; beyond it, to be told so
    // once it has logged in; beyond it when many such wait already, to be dropped at once.
    enum class Admission { within, told, dropped };
    // `intake`: the one it came to, or null.
    Connection(pn_connection_t* connection, Shared& shared, Admission admission,
               std::shared_ptr<const OpenIntake> intake);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    // False once the transport is gone; the connection is then to be deleted.
    bool handle(pn_event_t* event);
    // What no event of its own will tell it: that its deadline is over, or that a blocked link may go on. It
    // is to be woken then.
    std::optional<SteadyTime> deadline() const;
    bool blocked() const;
    void wake();
    void close(const Refusal& reason);
    // From outside the connection's own events, as the agent stops:
    void close_soon();  // with amqp:connection:forced
    void drop_soon();   // without waiting for the peer
    bool idle() const;  // no link holds anything to be sent
    // Not open yet, it gives its place to a newer one.
    void give_way();

  private:
    bool authenticated(pn_transport_t* transport);
    void on_bound(pn_transport_t* transport);
    void on_open();
    void end_opening();
    void on_wake(pn_transport_t* transport);
    void end_by_input(pn_transport_t* transport);
    void drop(pn_transport_t* transport);
    void on_session_open(pn_session_t* session);
    void on_session_close(pn_session_t* session);
    void on_link_open(pn_link_t* link);
    void open_source(pn_link_t* link);
    void open_inbox(pn_link_t* link, const std::string& address, const std::string& shown);
    void open_target(pn_link_t* link);
    Result<std::shared_ptr<IncomingLink>, Refusal> incoming_link(pn_link_t* link, const std::string& address);
    void on_link_close(pn_link_t* link, bool detach);
    void on_transport_closed(pn_transport_t* transport);
    void add(pn_link_t* link, std::shared_ptr<Link> handler);
    void refuse_link(pn_link_t* link, const Refusal& refusal);
    void close_links();
    Peer peer() const { return {user_, address_, waker_, refusals_, held_, outgoing_}; }

    pn_connection_t* connection_;
    Shared& shared_;
    const Admission admission_;
    const std::shared_ptr<const OpenIntake> intake_;
    std::size_t& counted_;  // where it counts, while it is within the limit
    CheckedInput input_;
    std::shared_ptr<Waker> waker_;
    std::shared_ptr<RefusalLog> refusals_;
    std::shared_ptr<HeldBytes> held_;
    std::shared_ptr<Outgoing> outgoing_ = std::make_shared<Outgoing>();
    std::string user_, address_;
    std::string host_;                                         // under which it is counted, once it is
    std::optional<std::list<Connection*>::iterator> opening_;  // its place among those not yet open
    Refusal too_late_{"amqp:connection:forced",
                      "the connection was not opened in time"};  // why it is dropped
    SteadyTime deadline_;                                        // for opening, or for answering our close
    bool has_deadline_ = true;
    bool opened_ = false;
    bool stopping_ = false;
    std::unordered_map<pn_link_t*, std::shared_ptr<Link>> links_;
};

}  // namespace clacks::bus
