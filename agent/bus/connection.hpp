// One accepted connection: who it is, its links, its deadlines. All calls come on the bus thread.
#pragma once

#include <proton/connection.h>
#include <proton/event.h>
#include <proton/transport.h>

#include <memory>
#include <string>
#include <unordered_map>

#include "agent/bus/link.hpp"
#include "agent/bus/proton.hpp"

namespace clacks::bus {

class Connection {
  public:
    Connection(pn_connection_t* connection, Shared& shared);
    ~Connection();

    // False once the transport is gone; the connection is then to be deleted.
    bool handle(pn_event_t* event);
    // Looked at every now and then: wakes the connection when a deadline is over or a link is blocked.
    // True while it wants to be looked at again.
    bool tick(SteadyTime now);
    void close(const Refusal& reason);
    void close_soon();  // the agent stops; from outside the connection's own events
    bool idle() const;  // no link holds anything to be sent

  private:
    void on_open();
    void on_wake(pn_transport_t* transport);
    void on_session_open(pn_session_t* session);
    void on_session_close(pn_session_t* session);
    void on_link_open(pn_link_t* link);
    void open_source(pn_link_t* link);
    void open_reply(pn_link_t* link);
    void open_target(pn_link_t* link);
    void on_link_close(pn_link_t* link, bool detach);
    void on_transport_closed(pn_transport_t* transport);
    void add(pn_link_t* link, std::shared_ptr<Link> handler);
    void refuse_link(pn_link_t* link, const Refusal& refusal);
    void close_links();
    Peer peer() const { return {user_, waker_}; }

    pn_connection_t* connection_;
    Shared& shared_;
    std::shared_ptr<Waker> waker_;
    std::string user_, address_;
    SteadyTime deadline_;  // for opening, or for answering our close
    bool has_deadline_ = true;
    bool opened_ = false;
    bool stopping_ = false;
    std::unordered_map<pn_link_t*, std::shared_ptr<Link>> links_;
};

}  // namespace clacks::bus
