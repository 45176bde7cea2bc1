#include "agent/bus/loop.hpp"

#include <proton/listener.h>
#include <pthread.h>

#include <algorithm>
#include <exception>

#include "agent/bus/transport.hpp"
#include "common/amqp/sasl_plugin.hpp"

namespace clacks {

namespace {

// While a deadline runs or a link waits for its window; proton does not tell when one drains.
constexpr pn_millis_t kTick = 10;
// To end a connection takes the bus about 0.1 ms; a crowd whose deadline is over all at once goes bit by bit,
// so that the others are served meanwhile.
constexpr int kEndedATick = 2;
constexpr pn_millis_t kTickOfMore = 1;             // when the deadline of more is over
const std::chrono::milliseconds kCloseGrace{500};  // for peers to answer our close
// Those who need no login can take no more than this away from those who do.
constexpr std::size_t kIntakeConnections = 32;

}  // namespace

Bus::Loop::~Loop() {
    stop(std::chrono::milliseconds(0));
}

Result<void, Diagnostics> Bus::Loop::start() {
    if (auto problems = check(); !problems.empty()) return problems;
    if (auto started = amqp::start_sasl_server(); !started) return Diagnostics{started.error()};
    const auto& options = shared_.options;
    auto loaded = load_tls(options.certificate);
    if (!loaded) return Diagnostics{loaded.error()};
    tls_ = std::move(*loaded);
    bus::make_sasl_servers(shared_);
    take_descriptors();
    proactor_.reset(pn_proactor());
    shared_.work->open(proactor_.get());
    for (const BusListener& wanted : options.listeners) listen(wanted, budget_.backlog);
    thread_ = std::thread([this] { run(); });
    wait_for_listeners();
    auto problems = failures();
    if (problems.empty()) {
        tell_reach();
        return {};
    }
    stop(std::chrono::milliseconds(0));
    return problems;
}

Result<void, Diagnostic> Bus::Loop::take_certificate(const BusCertificate& certificate) {
    auto loaded = load_tls(certificate);
    if (!loaded) return std::move(loaded).error();
    shared_.work->post([this, taken = std::move(*loaded)] { tls_ = taken; });
    return {};
}

void Bus::Loop::stop(std::chrono::milliseconds deadline) {
    if (!thread_.joinable()) return;
    shared_.work->post([this, deadline] { begin_stop(shared_.clock.steady() + deadline); });
    thread_.join();
}

void Bus::Loop::run() {
    pthread_setname_np(pthread_self(), "bus");
    while (stage_ != Stage::ended) {
        auto* batch = pn_proactor_wait(proactor_.get());
        pn_connection_t* connection = nullptr;  // a batch has the events of one
        while (auto* event = pn_event_batch_next(batch)) {
            connection = pn_event_connection(event);
            if (!handle(event, connection)) forget(connection);
        }
        watch(connection);
        pn_proactor_done(proactor_.get(), batch);
        if (stage_ != Stage::running) go_on_stopping();
    }
    shared_.work->close();
    due_.clear();
    blocked_.clear();
    connections_.clear();
    proactor_.reset();
    const std::lock_guard lock(mutex_);
    for (auto& entry : listening_) entry.listener = nullptr;
}

// False: the event's connection, null for one of none, is gone.
bool Bus::Loop::handle(pn_event_t* event, pn_connection_t* connection) {
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
        if (!connection) return true;
        const auto found = connections_.find(connection);
        if (found == connections_.end()) return true;
        return found->second.connection->handle(event);
    } catch (const std::exception& error) {
        shared_.warn(std::string("an error inside the bus, the connection concerned is closed: ") +
                     error.what());
        const auto found = connections_.find(connection);
        if (found != connections_.end())
            found->second.connection->close({"amqp:internal-error", "an error inside the agent"});
        return true;
    }
}

void Bus::Loop::accept(pn_listener_t* listener) {
    const auto& options = shared_.options;
    BusListener wanted;
    std::shared_ptr<const bus::OpenIntake> intake;
    {
        const std::lock_guard lock(mutex_);
        if (const auto* entry = find(listener)) {
            wanted = entry->wanted;
            intake = entry->intake;
        }
    }
    auto* connection = pn_connection();
    auto* transport = bus::make_transport(
        shared_, wanted, intake != nullptr,
        !wanted.tls ? nullptr : (wanted.client_certificates ? tls_.by_certificate : tls_.by_password).get());
    pn_connection_set_container(connection, options.node.c_str());
    const auto admission = this->admission(intake != nullptr);
    auto served = std::make_unique<bus::Connection>(connection, shared_, admission, intake);
    auto& added = *connections_.emplace(connection, Served{std::move(served), {}}).first->second.connection;
    pn_listener_accept2(listener, connection, transport);
    if (admission == bus::Connection::Admission::dropped) added.drop_soon();
    if (shared_.opening.size() > options.max_opening) shared_.opening.front()->give_way();
    if (admission != bus::Connection::Admission::within) tell_of_too_many(intake != nullptr);
    watch(connection);  // for its deadline to open
}

void Bus::Loop::tell_of_too_many(bool intake) {
    const auto more = shared_.over_limit.admit(shared_.clock.steady());
    if (!more) return;
    const std::string which = intake
                                  ? std::to_string(kIntakeConnections) + " connections of modules' listeners"
                                  : std::to_string(budget_.connections) + " connections";
    shared_.warn("all " + which + " are taken" + (intake ? "" : " (max_connections)") +
                 "; refused another one" + *more);
}

void Bus::Loop::watch(pn_connection_t* connection) {
    const auto found = connections_.find(connection);
    if (found == connections_.end()) return;
    auto& [served, due] = found->second;
    if (const auto deadline = served->deadline(); deadline != due) {
        if (due) due_.erase({*due, connection});
        if (deadline) due_.insert({*deadline, connection});
        due = deadline;
    }
    if (served->blocked() && blocked_.insert(connection).second) served->wake();
    if (due || served->blocked()) set_timer(kTick);
}

void Bus::Loop::forget(pn_connection_t* connection) {
    const auto found = connections_.find(connection);
    if (found == connections_.end()) return;
    if (found->second.due) due_.erase({*found->second.due, connection});
    blocked_.erase(connection);
    connections_.erase(found);
}

bus::Connection::Admission Bus::Loop::admission(bool intake) const {
    using Admission = bus::Connection::Admission;
    if (intake) return shared_.at_intakes < kIntakeConnections ? Admission::within : Admission::dropped;
    if (shared_.served < budget_.connections) return Admission::within;
    const std::size_t beyond = connections_.size() - shared_.served - shared_.at_intakes;
    return beyond < budget_.told ? Admission::told : Admission::dropped;
}

void Bus::Loop::set_timer(std::uint32_t milliseconds) {
    if (timer_set_) return;
    timer_set_ = true;
    pn_proactor_set_timeout(proactor_.get(), milliseconds);
}

void Bus::Loop::on_timer() {
    timer_set_ = false;
    std::erase_if(blocked_,
                  [this](auto* connection) { return !connections_.at(connection).connection->blocked(); });
    for (auto* connection : blocked_) connections_.at(connection).connection->wake();
    const auto now = shared_.clock.steady();
    int ended = 0;
    for (const auto& [deadline, connection] : due_) {
        if (deadline > now || ++ended > kEndedATick) break;
        connections_.at(connection).connection->wake();
    }
    if (stage_ != Stage::running || !due_.empty() || !blocked_.empty())
        set_timer(ended > kEndedATick ? kTickOfMore : kTick);
}

void Bus::Loop::begin_stop(SteadyTime deadline) {
    if (stage_ != Stage::running) return;
    stage_ = Stage::draining;
    stop_at_ = deadline;
    {
        const std::lock_guard lock(mutex_);
        for (auto& entry : listening_)
            if (entry.listener) pn_listener_close(entry.listener);
    }
    set_timer(kTick);
}

// The proactor must not be freed before every listener has told that it is closed.
bool Bus::Loop::listeners_closed() const {
    const std::lock_guard lock(mutex_);
    for (const auto& entry : listening_)
        if (!entry.closed) return false;
    return true;
}

// When nothing is left to send, or at the deadline, all connections are closed; those whose peers do not
// answer are dropped.
void Bus::Loop::go_on_stopping() {
    const auto now = shared_.clock.steady();
    const bool over = now >= stop_at_;
    if (connections_.empty() || (stage_ == Stage::dropping && over)) {
        if (listeners_closed()) stage_ = Stage::ended;
        return;
    }
    if (stage_ == Stage::draining) {
        bool idle = true;
        for (const auto& [key, served] : connections_) idle = idle && served.connection->idle();
        if (!idle && !over) return;
        stage_ = Stage::closing;
        stop_at_ = std::max(stop_at_, now + kCloseGrace);
        for (const auto& [key, served] : connections_) served.connection->close_soon();
    } else if (stage_ == Stage::closing && over) {
        stage_ = Stage::dropping;
        stop_at_ = now + kCloseGrace;
        for (const auto& [key, served] : connections_) served.connection->drop_soon();
    }
}

}  // namespace clacks
