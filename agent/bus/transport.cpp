#include "agent/bus/transport.hpp"

#include <proton/sasl.h>
#include <proton/transport.h>

#include "agent/bus/checked_input.hpp"
#include "common/amqp/sasl_plugin.hpp"
#include "common/amqp/tls.hpp"

namespace clacks::bus {

void make_sasl_servers(Shared& shared) {
    amqp::SaslServer server;
    server.sasldb = shared.options.sasldb;
    server.realm = shared.options.realm;
    server.log = [&shared](const std::string& line) { shared.warn_of_refusal("libsasl2: " + line); };
    shared.by_password = std::make_shared<amqp::SaslServer>(server);
    server.mechanisms = "EXTERNAL";
    server.identity = shared.options.identity;
    shared.by_certificate = std::make_shared<amqp::SaslServer>(std::move(server));
}

pn_transport_t* make_transport(const Shared& shared, const BusListener& listener, bool intake,
                               const amqp::TlsServer* tls) {
    const auto& options = shared.options;
    auto* transport = pn_transport();
    pn_transport_set_server(transport);
    pn_transport_set_max_frame(transport, options.frame_bytes);  // TLS makes its buffer by it
    SSL* ssl = tls ? tls->attach(transport) : nullptr;
    if (ssl) note_tls(transport, ssl);
    amqp::use_sasl_server(transport,
                          listener.client_certificates ? shared.by_certificate : shared.by_password, ssl);
    // Who logs in at an intake all the same is let do no more than others there.
    pn_transport_require_auth(transport, !intake);
    // A listener without TLS is on loopback, or is not opened.
    pn_sasl_set_allow_insecure_mechs(pn_sasl(transport), options.plain_on_loopback && !tls);
    pn_transport_set_channel_max(transport, static_cast<std::uint16_t>(options.sessions - 1));
    pn_transport_set_idle_timeout(transport, static_cast<pn_millis_t>(options.idle_timeout.count()));
    return transport;
}

}  // namespace clacks::bus
