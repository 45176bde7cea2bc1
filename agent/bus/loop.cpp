#include "agent/bus/loop.hpp"

#include <proton/listener.h>
#include <proton/sasl.h>

#include <exception>

#include "common/amqp/sasl_plugin.hpp"

namespace clacks {

namespace {

// While a deadline runs or a link waits for its window; proton does not tell when one drains.
constexpr pn_millis_t kTick = 10;
const std::chrono::milliseconds kCloseGrace{500};  // for peers to answer our close

}  // namespace

Bus::Loop::~Loop() {
    stop(std::chrono::milliseconds(0));
}

Result<void, Diagnostics> Bus::Loop::start() {
    if (auto problems = check(); !problems.empty()) return problems;
    if (auto started = amqp::start_sasl_server(); !started) return Diagnostics{started.error()};
    if (auto loaded = load_tls(); !loaded) return Diagnostics{loaded.error()};
    const auto& options = shared_.options;
    shared_.sasl = std::make_shared<amqp::SaslServer>(
        amqp::SaslServer{options.sasldb, options.realm, "SCRAM-SHA-256 PLAIN",
                         [this](const std::string& line) { shared_.warn("libsasl2: " + line); }});
    proactor_.reset(pn_proactor());
    shared_.work->open(proactor_.get());
    listen();
    thread_ = std::thread([this] { run(); });
    auto problems = wait_for_listeners();
    if (problems.empty()) return {};
    stop(std::chrono::milliseconds(0));
    return problems;
}

void Bus::Loop::stop(std::chrono::milliseconds deadline) {
    if (!thread_.joinable()) return;
    shared_.work->post([this, deadline] { begin_stop(shared_.clock.steady() + deadline); });
    thread_.join();
}

void Bus::Loop::run() {
    while (!ended_) {
        auto* batch = pn_proactor_wait(proactor_.get());
        while (auto* event = pn_event_batch_next(batch)) {
            if (handle(event)) continue;
            connections_.erase(pn_event_connection(event));
            if (stop_at_) set_timer();
        }
        pn_proactor_done(proactor_.get(), batch);
        if (stop_at_) go_on_stopping();
    }
    shared_.work->close();
    connections_.clear();
    proactor_.reset();
    const std::lock_guard lock(mutex_);
    for (auto& entry : listening_) entry.listener = nullptr;
}

// False: the event's connection is gone.
bool Bus::Loop::handle(pn_event_t* event) {
    try {
        switch (pn_event_type(event)) {
            case PN_LISTENER_OPEN:
                on_listener(event, true);
                return true;
            case PN_LISTENER_CLOSE:
                on_listener(event, false);
                return true;
            case PN_LISTENER_ACCEPT:
                accept(pn_event_listener(event));
                return true;
            case PN_PROACTOR_TIMEOUT:
                on_timer();
                return true;
            case PN_PROACTOR_INTERRUPT:
                for (auto& work : shared_.work->take()) work();
                return true;
            default:
                break;
        }
        auto* connection = pn_event_connection(event);
        if (!connection) return true;
        const auto found = connections_.find(connection);
        if (found == connections_.end()) return true;
        const bool alive = found->second->handle(event);
        if (alive && !timer_set_ && found->second->tick(shared_.clock.steady())) set_timer();
        return alive;
    } catch (const std::exception& error) {
        shared_.warn(std::string("an error inside the bus, the connection concerned is closed: ") +
                     error.what());
        const auto found = connections_.find(pn_event_connection(event));
        if (found != connections_.end())
            found->second->close({"amqp:internal-error", "an error inside the agent"});
        return true;
    }
}

void Bus::Loop::accept(pn_listener_t* listener) {
    const auto& options = shared_.options;
    bool tls = false;
    {
        const std::lock_guard lock(mutex_);
        const auto* entry = find(listener);
        tls = entry && options.listeners[entry->index].tls;
    }
    auto* connection = pn_connection();
    auto* transport = pn_transport();
    pn_transport_set_server(transport);
    amqp::use_sasl_server(transport, shared_.sasl);
    pn_transport_require_auth(transport, true);
    // A listener without TLS is on loopback: check() saw to that.
    pn_sasl_set_allow_insecure_mechs(pn_sasl(transport), options.plain_on_loopback && !tls);
    if (tls) {
        pn_ssl_init(pn_ssl(transport), tls_.get(), nullptr);
        pn_transport_require_encryption(transport, true);
    }
    pn_transport_set_max_frame(transport, options.frame_bytes);
    pn_transport_set_channel_max(transport, static_cast<std::uint16_t>(options.sessions - 1));
    pn_transport_set_idle_timeout(transport, static_cast<pn_millis_t>(options.idle_timeout.count()));
    pn_connection_set_container(connection, options.node.c_str());
    connections_.emplace(connection, std::make_unique<bus::Connection>(connection, shared_));
    pn_listener_accept2(listener, connection, transport);
    set_timer();
}

void Bus::Loop::set_timer() {
    if (timer_set_) return;
    timer_set_ = true;
    pn_proactor_set_timeout(proactor_.get(), kTick);
}

void Bus::Loop::on_timer() {
    timer_set_ = false;
    bool again = stop_at_.has_value();
    const auto now = shared_.clock.steady();
    for (const auto& [key, connection] : connections_) again = connection->tick(now) || again;
    if (again) set_timer();
}

void Bus::Loop::begin_stop(SteadyTime deadline) {
    if (stop_at_) return;
    stop_at_ = deadline;
    {
        const std::lock_guard lock(mutex_);
        for (auto& entry : listening_)
            if (entry.listener) pn_listener_close(entry.listener);
    }
    set_timer();
}

// Every connection that has nothing left to send is closed; at the deadline, all; a little later the
// sockets of those that never answered.
void Bus::Loop::go_on_stopping() {
    const auto now = shared_.clock.steady();
    if (connections_.empty()) {
        ended_ = true;
        return;
    }
    bool idle = true;
    for (const auto& [key, connection] : connections_) idle = idle && connection->idle();
    if (!forced_ && (idle || now >= *stop_at_)) {
        forced_ = true;
        *stop_at_ = now + kCloseGrace;
        for (const auto& [key, connection] : connections_) connection->close_soon();
        return;
    }
    if (forced_ && now >= *stop_at_) ended_ = true;
}

}  // namespace clacks
