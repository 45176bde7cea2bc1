// The listeners' half of the loop: what may be listened on, the binding, the certificate.
#include <arpa/inet.h>
#include <proton/listener.h>
#include <proton/netaddr.h>

#include <array>
#include <charconv>

#include "agent/bus/loop.hpp"
#include "common/amqp/sasl_plugin.hpp"

namespace clacks {

namespace {

constexpr int kIntakeBacklog = 16;

// By the address's own form: a name that starts with "127." may lead anywhere.
bool is_loopback(const std::string& host) {
    in_addr v4{};
    in6_addr v6{};
    if (::inet_pton(AF_INET, host.c_str(), &v4) == 1) return ntohl(v4.s_addr) >> 24 == 127;
    if (::inet_pton(AF_INET6, host.c_str(), &v6) == 1) return IN6_IS_ADDR_LOOPBACK(&v6);
    return host == "localhost";
}

std::string shown(const BusListener& listener, std::uint16_t port) {
    const bool v6 = listener.host.find(':') != std::string::npos;
    return std::string(listener.tls ? "amqps" : "amqp") + "://" +
           (v6 ? "[" + listener.host + "]" : listener.host) + ":" + std::to_string(port);
}

Diagnostic problem(std::string code, std::string message, std::string hint) {
    Diagnostic error;
    error.code = std::move(code);
    error.message = std::move(message);
    error.hint = std::move(hint);
    return error;
}

}  // namespace

Diagnostics Bus::Loop::check() const {
    Diagnostics problems;
    const auto& options = shared_.options;
    for (const auto& listener : options.listeners)
        if (!is_loopback(listener.host) && !listener.tls)
            problems.push_back(problem("listener-insecure",
                                       "the listener " + shown(listener, listener.port) +
                                           " would take passwords and events beyond this machine without TLS",
                                       "use an amqps URL with a certificate, or listen on 127.0.0.1"));
    for (const auto& listener : options.listeners)
        if (listener.client_certificates && !listener.tls)
            problems.push_back(problem(
                "listener-insecure",
                "the listener " + shown(listener, listener.port) + " cannot ask for certificates without TLS",
                "use an amqps URL"));
    if (options.listeners.empty())
        problems.push_back(problem("listener-missing", "there is no address to listen on",
                                   "give one, as amqp://127.0.0.1:5672"));
    if (options.sasldb.empty() || options.realm.empty())
        problems.push_back(
            problem("authentication-missing", "there is no user database or no realm",
                    "nobody is let in without authentication; name a sasldb file and a realm"));
    if (options.node.empty() || options.domain.empty())
        problems.push_back(problem("identity-missing", "the node's id or the domain is empty", "set both"));
    return problems;
}

Result<Bus::Loop::Tls, Diagnostic> Bus::Loop::load_tls(const BusCertificate& files) const {
    Tls tls;
    for (const auto& listener : shared_.options.listeners) {
        auto& made = listener.client_certificates ? tls.by_certificate : tls.by_password;
        if (!listener.tls || made) continue;
        auto loaded = amqp::TlsServer::load({files.chain, files.key, files.client_ca, files.client_crl},
                                            listener.client_certificates);
        if (!loaded) return std::move(loaded).error();
        made = std::move(*loaded);
    }
    return tls;
}

void Bus::Loop::take_descriptors() {
    budget_ = bus::budget_descriptors(shared_.options);
    shared_.max_connections = budget_.connections;
    if (budget_.reduced)
        shared_.warn("the limit of " + std::to_string(budget_.limit) + " open files leaves room for " +
                     std::to_string(budget_.connections) + " of " +
                     std::to_string(shared_.options.max_connections) +
                     " connections; raise it (LimitNOFILE in the service, or ulimit -n)");
}

std::size_t Bus::Loop::listen(const BusListener& wanted, int backlog,
                              std::shared_ptr<const bus::OpenIntake> intake) {
    std::array<char, PN_MAX_ADDR> address{};
    pn_proactor_addr(address.data(), address.size(), wanted.host.c_str(),
                     std::to_string(wanted.port).c_str());
    auto* listener = pn_listener();
    std::size_t index = 0;
    {
        const std::lock_guard lock(mutex_);
        index = listening_.size();
        listening_.push_back({wanted, std::move(intake), listener});
    }
    pn_proactor_listen(proactor_.get(), listener, address.data(), backlog);
    return index;
}

Result<std::uint16_t, Diagnostic> Bus::Loop::open_intake(Intake intake, IntakeHandler handler) {
    const BusListener wanted{intake.host, intake.port};
    if (!is_loopback(wanted.host))
        return problem(
            "listener-insecure",
            shown(wanted, wanted.port) + " would take messages beyond this machine without a login",
            "listen on 127.0.0.1 or ::1");
    const std::size_t index = listen(
        wanted, kIntakeBacklog,
        std::make_shared<const bus::OpenIntake>(bus::OpenIntake{std::move(intake), std::move(handler)}));
    wait_for_listeners();
    const std::lock_guard lock(mutex_);
    if (listening_[index].failure) return *listening_[index].failure;
    return listening_[index].port;
}

Bus::Loop::Listening* Bus::Loop::find(pn_listener_t* listener) {
    for (auto& entry : listening_)
        if (entry.listener == listener) return &entry;
    return nullptr;
}

void Bus::Loop::on_listener(pn_event_t* event, bool open) {
    auto* listener = pn_event_listener(event);
    std::string line;
    {
        const std::lock_guard lock(mutex_);
        auto* entry = find(listener);
        if (!entry) return;
        const auto& wanted = entry->wanted;
        if (open) {
            std::array<char, PN_MAX_ADDR> port{};
            pn_netaddr_host_port(pn_listener_addr(listener), nullptr, 0, port.data(), port.size());
            std::from_chars(port.data(), port.data() + port.size(), entry->port);
            entry->open = true;
            line = entry->intake ? "listening for '" + entry->intake->wanted.address + "' on " +
                                       shown(wanted, entry->port) + ", without a login"
                                 : "listening on " + shown(wanted, entry->port) +
                                       (wanted.client_certificates ? ", for clients with a certificate" : "");
        } else {
            auto* condition = pn_listener_condition(listener);
            if (pn_condition_is_set(condition))
                entry->failure =
                    problem("listener-failed",
                            "cannot listen on " + shown(wanted, wanted.port) + ": " +
                                bus::text(pn_condition_get_description(condition)),
                            "see which program holds the port with: ss -ltnp; or take another port");
            entry->closed = true;
            entry->listener = nullptr;
        }
    }
    if (!line.empty()) shared_.info(line);
    changed_.notify_all();
}

// A newcomer's first question, when another machine cannot connect.
void Bus::Loop::tell_reach() const {
    for (const auto& listener : shared_.options.listeners)
        if (!is_loopback(listener.host)) return;
    shared_.info(
        "the bus listens on this machine only; to let others in, set [amqp] url to an amqps URL with this "
        "machine's address, as amqps://0.0.0.0:5671");
}

void Bus::Loop::wait_for_listeners() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] {
        for (const auto& entry : listening_)
            if (!entry.open && !entry.closed) return false;
        return true;
    });
}

Diagnostics Bus::Loop::failures() const {
    const std::lock_guard lock(mutex_);
    Diagnostics failures;
    for (const auto& entry : listening_)
        if (entry.failure) failures.push_back(*entry.failure);
    return failures;
}

std::vector<std::uint16_t> Bus::Loop::ports() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::uint16_t> ports;
    for (const auto& entry : listening_)
        if (!entry.intake) ports.push_back(entry.port);
    return ports;
}

}  // namespace clacks
