#include "common/amqp/sasl_plugin.hpp"

#include <openssl/ssl.h>
#include <proton/sasl.h>
#include <proton/sasl_plugin.h>
#include <proton/transport.h>
#include <proton/version.h>
#include <sasl/sasl.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "common/base/text.hpp"

namespace clacks::amqp {

namespace {

using Callback = int (*)();

template <class F>
Callback callback(F* function) {
    return reinterpret_cast<Callback>(reinterpret_cast<void (*)()>(function));
}

// What one transport's exchange needs; freed by the plugin's free().
struct Exchange {
    pn_transport_t* transport = nullptr;
    std::shared_ptr<const SaslServer> server;  // null on the client's side
    SSL* tls = nullptr;                        // kept alive by this
    std::string identity;                      // by the peer's certificate, or
    std::string no_identity;                   // why it has none
    sasl_conn_t* sasl = nullptr;
    bool started = false, concluded = false;
    std::string user, authorization;  // proton keeps pointers to both
    std::string mechanism;            // asked for by a client
    std::string failure;              // of a client's login, for the log
    char* selected = nullptr;         // proton's own copy of the mechanism
    std::unique_ptr<sasl_secret_t, decltype(&std::free)> secret{nullptr, &std::free};
    std::array<sasl_callback_t, 4> callbacks{};

    ~Exchange() {
        if (sasl) sasl_dispose(&sasl);
        SSL_free(tls);
    }
};

Exchange* exchange_of(pn_transport_t* transport) {
    return static_cast<Exchange*>(pnx_sasl_get_context(transport));
}

// Answers Cyrus's questions for its options in place of a configuration file.
int get_option(void* context, const char*, const char* option, const char** result, unsigned* length) {
    const auto& server = *static_cast<Exchange*>(context)->server;
    const std::string_view name = option ? option : "";
    const char* value = name == "sasldb_path"      ? server.sasldb.c_str()
                        : name == "mech_list"      ? server.mechanisms.c_str()
                        : name == "pwcheck_method" ? "auxprop"
                        : name == "auxprop_plugin" ? "sasldb"
                                                   : nullptr;
    if (!value) return SASL_FAIL;
    *result = value;
    if (length) *length = static_cast<unsigned>(std::strlen(value));
    return SASL_OK;
}

int log_server(void* context, int level, const char* message) {
    const auto& server = *static_cast<Exchange*>(context)->server;
    if (level != SASL_LOG_NONE && level <= SASL_LOG_ERR && server.log && message) server.log(message);
    return SASL_OK;
}

int log_nothing(void*, int, const char*) {
    return SASL_OK;
}

// Of all that is installed only the mechanisms that are offered, and their database, come into the process.
int verify_file(void*, const char* file, sasl_verify_type_t type) {
    if (type != SASL_VRFY_PLUGIN) return SASL_OK;
    const std::string name = std::filesystem::path(file).filename();
    for (const char* wanted : {"libplain.", "libscram.", "libsasldb."})
        if (name.starts_with(wanted)) return SASL_OK;
    return SASL_CONTINUE;
}

int get_name(void* context, int id, const char** result, unsigned* length) {
    auto* transport = static_cast<Exchange*>(context)->transport;
    const char* name =
        id == SASL_CB_USER ? pnx_sasl_get_authorization(transport) : pnx_sasl_get_username(transport);
    if (!name && id == SASL_CB_USER) name = "";
    if (!name) return SASL_FAIL;
    *result = name;
    if (length) *length = static_cast<unsigned>(std::strlen(name));
    return SASL_OK;
}

int get_password(sasl_conn_t*, void* context, int, sasl_secret_t** result) {
    auto* exchange = static_cast<Exchange*>(context);
    const char* password = pnx_sasl_get_password(exchange->transport);
    if (!password) return SASL_FAIL;
    const std::size_t length = std::strlen(password);
    exchange->secret.reset(static_cast<sasl_secret_t*>(std::calloc(1, sizeof(sasl_secret_t) + length + 1)));
    if (!exchange->secret) return SASL_NOMEM;
    exchange->secret->len = length;
    std::memcpy(exchange->secret->data, password, length);
    *result = exchange->secret.get();
    return SASL_OK;
}

// No security layers: TLS does that. Plain passwords only where proton says that they are safe.
bool set_properties(Exchange& exchange) {
    auto* transport = exchange.transport;
    sasl_security_properties_t properties{};
    const bool plain =
        pnx_sasl_get_allow_insecure_mechanisms(transport) || pnx_sasl_is_transport_encrypted(transport);
    properties.security_flags = SASL_SEC_NOANONYMOUS | (plain ? 0u : unsigned{SASL_SEC_NOPLAINTEXT});
    return sasl_setprop(exchange.sasl, SASL_SEC_PROPS, &properties) == SASL_OK;
}

void free_exchange(pn_transport_t* transport) {
    delete exchange_of(transport);
    pnx_sasl_set_context(transport, nullptr);
}

const char* list_mechanisms(pn_transport_t* transport) {
    auto* exchange = exchange_of(transport);
    const char* list = nullptr;
    if (exchange && exchange->server && exchange->server->identity)
        return exchange->server->mechanisms.c_str();
    if (exchange && exchange->sasl)
        sasl_listmech(exchange->sasl, nullptr, "", " ", "", &list, nullptr, nullptr);
    return list;
}

// The handshake is over when a SASL layer begins, and has verified the certificate.
Result<std::string, NoIdentity> peer_identity(SSL* tls, const IdentityRule& rule) {
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(
        tls ? SSL_get1_peer_certificate(tls) : nullptr, &X509_free);
    if (!certificate || SSL_get_verify_result(tls) != X509_V_OK)
        return NoIdentity{"the peer has shown no certificate that could be verified"};
    return identity_of(certificate.get(), rule);
}

// A certificate that names nobody is told at the login, whose failure the log tells.
bool take_identity(Exchange& exchange) {
    auto identity = peer_identity(exchange.tls, *exchange.server->identity);
    if (!identity) {
        exchange.no_identity = std::move(identity).error().reason;
        return true;
    }
    exchange.identity = std::move(*identity);
    return sasl_setprop(exchange.sasl, SASL_AUTH_EXTERNAL, exchange.identity.c_str()) == SASL_OK;
}

bool init_server(pn_transport_t* transport) {
    auto* exchange = exchange_of(transport);
    if (!exchange || !exchange->server) return false;
    exchange->callbacks = {{{SASL_CB_GETOPT, callback(get_option), exchange},
                            {SASL_CB_LOG, callback(log_server), exchange},
                            {SASL_CB_LIST_END, nullptr, nullptr}}};
    // Without a server's name the library would ask the name service for this machine's, for every
    // connection.
    const char* realm = exchange->server->realm.c_str();
    const int made = sasl_server_new("amqp", realm, realm, nullptr, nullptr, exchange->callbacks.data(), 0,
                                     &exchange->sasl);
    if (made != SASL_OK || !set_properties(*exchange)) {
        pnx_sasl_error(transport, "the SASL library could not be used", "amqp:internal-error");
        return false;
    }
    if (exchange->server->identity && !take_identity(*exchange)) return false;
    pnx_sasl_set_desired_state(transport, SASL_POSTED_MECHANISMS);
    return true;
}

void fail(pn_transport_t* transport, std::string why) {
    if (auto* exchange = exchange_of(transport)) exchange->failure = std::move(why);
    pnx_sasl_set_failed(transport);
    pnx_sasl_set_desired_state(transport, SASL_POSTED_OUTCOME);
}

std::string without_realm(std::string name, const std::string& realm) {
    const std::string suffix = "@" + realm;
    if (name.ends_with(suffix)) name.resize(name.size() - suffix.size());
    return name;
}

std::string property(sasl_conn_t* sasl, int id) {
    const void* text = nullptr;
    if (sasl_getprop(sasl, id, &text) != SASL_OK || !text) return {};
    return static_cast<const char*>(text);
}

std::string why_failed(const Exchange& exchange, int outcome) {
    const std::string mechanism = "'" + one_line(exchange.mechanism, 40) + "'";
    if (outcome == SASL_NOMECH) return "the mechanism " + mechanism + " is not offered";
    if (outcome == SASL_TOOWEAK || outcome == SASL_ENCRYPT)
        return "the mechanism " + mechanism + " is allowed only over TLS";
    if (exchange.server->identity)
        return "the certificate is that of '" + one_line(exchange.identity, 80) +
               "', who asks to be another user";
    const std::string user = without_realm(property(exchange.sasl, SASL_USERNAME), exchange.server->realm);
    return (user.empty() ? "the user" : "the user '" + one_line(user, 80) + "'") +
           " is not known, or the password is wrong (" + mechanism + ")";
}

void conclude(Exchange& exchange, int outcome) {
    if (outcome == SASL_CONTINUE)
        return pnx_sasl_set_desired_state(exchange.transport, SASL_POSTED_CHALLENGE);
    exchange.concluded = true;
    if (outcome != SASL_OK) return fail(exchange.transport, why_failed(exchange, outcome));
    // Cyrus adds a realm to a certificate's name, and takes blanks away.
    exchange.user = exchange.server->identity
                        ? exchange.identity
                        : without_realm(property(exchange.sasl, SASL_AUTHUSER), exchange.server->realm);
    exchange.authorization = without_realm(property(exchange.sasl, SASL_USERNAME), exchange.server->realm);
    if (exchange.user.empty()) return fail(exchange.transport, "the login names no user");
    pnx_sasl_set_succeeded(exchange.transport, exchange.user.c_str(), exchange.authorization.c_str());
    pnx_sasl_set_desired_state(exchange.transport, SASL_POSTED_OUTCOME);
}

bool offered(const std::string& mechanisms, const std::string& mechanism) {
    return !mechanism.empty() && mechanism.find(' ') == std::string::npos &&
           (" " + mechanisms + " ").find(" " + mechanism + " ") != std::string::npos;
}

// With each further init of a peer proton 0.37 forgets the copy that it made of the last mechanism, which may
// be as long as a frame, and frees only the newest one.
void free_forgotten(Exchange& exchange, const char* mechanism) {
    if constexpr (PN_VERSION_MAJOR == 0 && PN_VERSION_MINOR <= 37) {
        // NOLINTNEXTLINE(cppcoreguidelines-no-malloc): proton's is from malloc
        if (exchange.selected != mechanism) std::free(exchange.selected);
        exchange.selected = const_cast<char*>(mechanism);
    }
}

// A peer may leave the mechanism out, which Cyrus would read as a string.
void process_init(pn_transport_t* transport, const char* mechanism, const pn_bytes_t* received) {
    auto* exchange = exchange_of(transport);
    if (exchange) free_forgotten(*exchange, mechanism);
    if (!mechanism || !exchange || !exchange->sasl || exchange->started)
        return fail(transport, mechanism ? "the login began twice" : "the login names no mechanism");
    exchange->mechanism = mechanism;
    if (!offered(exchange->server->mechanisms, exchange->mechanism))
        return fail(transport, why_failed(*exchange, SASL_NOMECH));
    if (!exchange->no_identity.empty()) return fail(transport, exchange->no_identity);
    const std::string response(received && received->start ? received->start : "",
                               received && received->start ? received->size : 0);
    const char* first = received && received->start ? response.c_str() : nullptr;
    const char* out = nullptr;
    unsigned length = 0;
    exchange->started = true;
    const int outcome = sasl_server_start(exchange->sasl, mechanism, first,
                                          static_cast<unsigned>(response.size()), &out, &length);
    pnx_sasl_set_bytes_out(transport, pn_bytes(out ? length : 0, out));
    conclude(*exchange, outcome);
}

// A peer may answer a challenge that was never sent; Cyrus's step without a start is a crash.
void process_response(pn_transport_t* transport, const pn_bytes_t* received) {
    auto* exchange = exchange_of(transport);
    if (!exchange || !exchange->sasl || !exchange->started || !received)
        return fail(transport, "the login goes on before it began");
    if (exchange->concluded) return fail(transport, "the login goes on after its end");
    const std::string response(received->start ? received->start : "", received->start ? received->size : 0);
    const char* out = nullptr;
    unsigned length = 0;
    const int outcome = sasl_server_step(exchange->sasl, response.c_str(),
                                         static_cast<unsigned>(response.size()), &out, &length);
    pnx_sasl_set_bytes_out(transport, pn_bytes(out ? length : 0, out));
    conclude(*exchange, outcome);
}

// libsasl2 does EXTERNAL only where somebody is named. The name is not sent: the server reads it in the
// certificate.
bool offer_external(Exchange& exchange) {
    if (pnx_sasl_get_username(exchange.transport) || !pnx_sasl_is_transport_encrypted(exchange.transport))
        return true;
    return sasl_setprop(exchange.sasl, SASL_AUTH_EXTERNAL, "certificate") == SASL_OK;
}

bool init_client(pn_transport_t* transport) {
    static const int initialized = sasl_client_init(nullptr);
    auto* exchange = new Exchange;  // freed by free_exchange
    exchange->transport = transport;
    pnx_sasl_set_context(transport, exchange);
    std::size_t next = 0;
    auto& callbacks = exchange->callbacks;
    callbacks[next++] = {SASL_CB_LOG, callback(log_nothing), nullptr};
    static_assert(std::tuple_size_v<std::array<sasl_callback_t, 4>> == 4);
    if (pnx_sasl_get_username(transport))
        callbacks[next++] = {SASL_CB_AUTHNAME, callback(get_name), exchange};
    if (pnx_sasl_get_password(transport))
        callbacks[next++] = {SASL_CB_PASS, callback(get_password), exchange};
    callbacks[next] = {SASL_CB_LIST_END, nullptr, nullptr};
    const char* host = pnx_sasl_get_remote_fqdn(transport);
    if (initialized != SASL_OK ||
        sasl_client_new("amqp", host ? host : "localhost", nullptr, nullptr, callbacks.data(), 0,
                        &exchange->sasl) != SASL_OK ||
        !set_properties(*exchange) || !offer_external(*exchange)) {
        pnx_sasl_error(transport, "the SASL library could not be used", "amqp:internal-error");
        return false;
    }
    return true;
}

bool process_mechanisms(pn_transport_t* transport, const char* mechanisms) {
    auto* exchange = exchange_of(transport);
    if (!exchange || !exchange->sasl || !mechanisms) return false;
    const char* out = nullptr;
    const char* chosen = nullptr;
    unsigned length = 0;
    const int outcome = sasl_client_start(exchange->sasl, mechanisms, nullptr, &out, &length, &chosen);
    if ((outcome != SASL_OK && outcome != SASL_CONTINUE) || !chosen) {
        pnx_sasl_error(transport, sasl_errdetail(exchange->sasl), "amqp:unauthorized-access");
        return false;
    }
    exchange->started = true;
    pnx_sasl_set_bytes_out(transport, pn_bytes(out ? length : 0, out));
    pnx_sasl_set_selected_mechanism(transport, chosen);
    pnx_sasl_set_desired_state(transport, SASL_POSTED_INIT);
    return true;
}

void process_challenge(pn_transport_t* transport, const pn_bytes_t* received) {
    auto* exchange = exchange_of(transport);
    int outcome = SASL_FAIL;
    const char* out = nullptr;
    unsigned length = 0;
    if (exchange && exchange->sasl && exchange->started && received) {
        const std::string challenge(received->start ? received->start : "",
                                    received->start ? received->size : 0);
        outcome = sasl_client_step(exchange->sasl, challenge.c_str(), static_cast<unsigned>(challenge.size()),
                                   nullptr, &out, &length);
    }
    pnx_sasl_set_bytes_out(transport, pn_bytes(out ? length : 0, out));
    if (outcome == SASL_OK || outcome == SASL_CONTINUE)
        return pnx_sasl_set_desired_state(transport, SASL_POSTED_RESPONSE);
    pnx_sasl_set_failed(transport);
    pnx_sasl_set_desired_state(transport, SASL_RECVED_FAILURE);
}

void process_outcome(pn_transport_t*, const pn_bytes_t*) {}
void prepare_write(pn_transport_t*) {}
bool can_encrypt(pn_transport_t*) {
    return false;
}
ssize_t max_encrypt_size(pn_transport_t*) {
    return 0;
}
ssize_t encrypt_nothing(pn_transport_t*, pn_bytes_t, pn_bytes_t*) {
    return 0;
}

const pnx_sasl_implementation kPlugin = {
    free_exchange, list_mechanisms,  init_server,        init_client,       prepare_write,
    process_init,  process_response, process_mechanisms, process_challenge, process_outcome,
    can_encrypt,   max_encrypt_size, encrypt_nothing,    encrypt_nothing};

}  // namespace

Result<void, Diagnostic> start_sasl_server() {
    static const sasl_callback_t callbacks[] = {{SASL_CB_LOG, callback(log_nothing), nullptr},
                                                {SASL_CB_VERIFYFILE, callback(verify_file), nullptr},
                                                {SASL_CB_LIST_END, nullptr, nullptr}};
    static const int outcome = sasl_server_init(callbacks, nullptr);
    if (outcome == SASL_OK) return {};
    Diagnostic error;
    error.code = "sasl-unusable";
    error.message = std::string("libsasl2 cannot be used: ") + sasl_errstring(outcome, nullptr, nullptr);
    error.hint = "install libsasl2-modules and libsasl2-modules-db";
    return error;
}

std::string login_failure(pn_transport_t* transport) {
    const auto* exchange = exchange_of(transport);
    return exchange ? exchange->failure : "";
}

void use_sasl_server(pn_transport_t* transport, std::shared_ptr<const SaslServer> server, SSL* tls) {
    pn_sasl(transport);
    auto* exchange = new Exchange;  // freed by free_exchange
    exchange->transport = transport;
    exchange->server = std::move(server);
    if (tls && SSL_up_ref(tls) == 1) exchange->tls = tls;
    pnx_sasl_set_implementation(transport, &kPlugin, exchange);
}

void install_sasl_client() {
    static std::once_flag once;
    std::call_once(once, [] { pnx_sasl_set_default_implementation(&kPlugin); });
}

}  // namespace clacks::amqp
