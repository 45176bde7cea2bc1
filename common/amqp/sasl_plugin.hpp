// Authentication for proton over Cyrus libsasl2. Debian's proton is built without Cyrus, and its own
// mechanisms lack PLAIN and SCRAM for servers and crash on a SASL init without a mechanism.
#pragma once

#include <openssl/types.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "common/amqp/identity.hpp"
#include "common/base/result.hpp"

struct pn_transport_t;

namespace clacks::amqp {

struct SaslServer {
    std::string sasldb;                              // absolute path of the user database
    std::string realm;                               // the user "admin" means admin@REALM
    std::string mechanisms = "SCRAM-SHA-256 PLAIN";  // offered, by blanks; no other is accepted
    std::optional<IdentityRule> identity{};          // for EXTERNAL: the user by the peer's certificate
    std::function<void(const std::string&)> log;     // Cyrus's own failures, from the bus thread
};

// Loads libsasl2's server side once per process. Call it before the first use_sasl_server().
Result<void, Diagnostic> start_sasl_server();

// Makes the transport of an accepted connection authenticate by `server`. PLAIN is offered only over
// TLS or where pn_sasl_set_allow_insecure_mechs allows it. pn_transport_get_user() is then the user
// without the realm; a user of another realm keeps it ("eve@elsewhere"). With server->identity `tls` is the
// transport's own, and the user is what the peer's verified certificate names.
void use_sasl_server(pn_transport_t* transport, std::shared_ptr<const SaslServer> server, SSL* tls = nullptr);

// Why the login of an accepted connection failed, for the log; "" while it has not.
std::string login_failure(pn_transport_t* transport);

// Makes the plugin serve every transport of this process that has none of its own, that is the
// connections that clients open: PLAIN and SCRAM-SHA-256. Idempotent and thread safe; call it before
// the first proton container starts.
void install_sasl_client();

}  // namespace clacks::amqp
