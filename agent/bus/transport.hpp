// What an accepted connection's transport asks of the peer before anything that it says counts.
#pragma once

#include <proton/types.h>

#include "agent/bus/link.hpp"

namespace clacks::amqp {
class TlsServer;
}

namespace clacks::bus {

// Who judges logins, by the options: for listeners that ask for a password, and for those that ask for a
// certificate.
void make_sasl_servers(Shared& shared);

// For a connection of this listener, to be owned by the caller. `tls` is null for a listener without. An
// intake asks for no login.
pn_transport_t* make_transport(const Shared& shared, const BusListener& listener, bool intake,
                               const amqp::TlsServer* tls);

}  // namespace clacks::bus
