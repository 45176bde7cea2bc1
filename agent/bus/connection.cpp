#include "agent/bus/connection.hpp"

#include <proton/netaddr.h>
#include <proton/sasl.h>
#include <proton/session.h>

#include <array>

#include "agent/bus/inbox_link.hpp"
#include "agent/bus/publish_link.hpp"
#include "agent/bus/subscription_link.hpp"
#include "common/amqp/filter.hpp"
#include "common/amqp/sasl_plugin.hpp"
#include "common/base/text.hpp"
#include "common/base/uuid.hpp"

namespace clacks::bus {

namespace {

// Beside one message of the largest size, so that a window never closes in the middle of one.
constexpr std::size_t kSpareWindow = 256 * 1024;

std::string remote_address(pn_transport_t* transport) {
    const auto* remote = transport ? pn_transport_remote_addr(transport) : nullptr;
    if (!remote) return "unknown";
    std::array<char, PN_MAX_ADDR> buffer{};
    pn_netaddr_str(remote, buffer.data(), buffer.size());
    return buffer.data();
}

std::string remote_host(pn_transport_t* transport) {
    std::array<char, PN_MAX_ADDR> host{};
    const auto* remote = transport ? pn_transport_remote_addr(transport) : nullptr;
    if (remote) pn_netaddr_host_port(remote, host.data(), host.size(), nullptr, 0);
    return host.data();
}

// Peers that just go are nobody's concern: proton tells them by its own condition, or as "aborted".
bool broke_protocol(const std::string& condition, const std::string& reason) {
    return condition.starts_with("amqp:") && reason.find("connection aborted") == std::string::npos;
}

}  // namespace

Connection::Connection(pn_connection_t* connection, Shared& shared, Admission admission,
                       std::shared_ptr<const OpenIntake> intake)
    : connection_(connection),
      shared_(shared),
      admission_(admission),
      intake_(std::move(intake)),
      counted_(intake_ ? shared.at_intakes : shared.served),
      input_(shared.options.frame_bytes),
      waker_(std::make_shared<Waker>(connection)),
      refusals_(std::make_shared<RefusalLog>(shared)),
      held_(std::make_shared<HeldBytes>(shared.options.connection_bytes, shared.held)),
      deadline_(shared.clock.steady()) {
    if (admission_ != Admission::dropped) deadline_ += shared.options.open_deadline;
    if (admission_ == Admission::within)
        ++counted_;
    else
        ++shared_.counters.refused;
    if (!intake_) opening_ = shared_.opening.insert(shared_.opening.end(), this);
    ++shared_.counters.connections;
    ++shared_.counters.open;
}

Connection::~Connection() {
    waker_->close();
    close_links();
    end_opening();
    if (const auto host = shared_.by_host.find(host_); host != shared_.by_host.end() && --host->second == 0)
        shared_.by_host.erase(host);
    if (admission_ == Admission::within) --counted_;
    --shared_.counters.open;
}

bool Connection::handle(pn_event_t* event) {
    switch (pn_event_type(event)) {
        case PN_CONNECTION_BOUND:
            on_bound(pn_event_transport(event));
            break;
        case PN_CONNECTION_REMOTE_OPEN:
            on_open();
            break;
        case PN_CONNECTION_WAKE:
            on_wake(pn_event_transport(event));
            break;
        case PN_CONNECTION_REMOTE_CLOSE:
            close_links();
            pn_connection_close(connection_);
            break;
        case PN_SESSION_REMOTE_OPEN:
            on_session_open(pn_event_session(event));
            break;
        case PN_SESSION_REMOTE_CLOSE:
            on_session_close(pn_event_session(event));
            break;
        case PN_LINK_REMOTE_OPEN:
            on_link_open(pn_event_link(event));
            break;
        case PN_LINK_REMOTE_CLOSE:
            on_link_close(pn_event_link(event), false);
            break;
        case PN_LINK_REMOTE_DETACH:
            on_link_close(pn_event_link(event), true);
            break;
        case PN_LINK_FLOW:
            if (const auto found = links_.find(pn_event_link(event)); found != links_.end())
                found->second->on_flow();
            break;
        case PN_DELIVERY:
            if (const auto found = links_.find(pn_event_link(event)); found != links_.end())
                found->second->on_delivery(pn_event_delivery(event));
            break;
        case PN_TRANSPORT_CLOSED:
            on_transport_closed(pn_event_transport(event));
            return false;
        default:
            break;
    }
    return true;
}

std::optional<SteadyTime> Connection::deadline() const {
    return has_deadline_ ? std::optional(deadline_) : std::nullopt;
}

bool Connection::blocked() const {
    return waker_->any_blocked();
}

void Connection::wake() {
    waker_->wake();
}

void Connection::close(const Refusal& reason) {
    if (pn_connection_state(connection_) & PN_LOCAL_CLOSED) return;
    close_links();
    set_condition(pn_connection_condition(connection_), reason);
    if (pn_connection_state(connection_) & PN_LOCAL_UNINIT) pn_connection_open(connection_);
    pn_connection_close(connection_);
    deadline_ = shared_.clock.steady() + shared_.options.open_deadline;
    has_deadline_ = true;
}

void Connection::close_soon() {
    stopping_ = true;
    waker_->wake();
}

void Connection::drop_soon() {
    deadline_ = shared_.clock.steady();
    has_deadline_ = true;
    waker_->wake();
}

bool Connection::idle() const {
    for (const auto& [link, handler] : links_)
        if (!handler->idle()) return false;
    return true;
}

// The transport refuses what is not authenticated; asked once more, as all rights hang on it.
bool Connection::authenticated(pn_transport_t* transport) {
    user_ = transport ? text(pn_transport_get_user(transport)) : "";
    if (transport && pn_transport_is_authenticated(transport) && !user_.empty()) return true;
    ++shared_.counters.auth_failures;
    shared_.warn("refused a connection of " + address_ + ": it is not authenticated");
    close({"amqp:unauthorized-access", "the connection is not authenticated"});
    return false;
}

// The peer's address is known from here on.
void Connection::on_bound(pn_transport_t* transport) {
    input_.attach(transport);
    if (intake_) return;
    host_ = remote_host(transport);
    if (++shared_.by_host[host_] <= shared_.options.max_per_address) return;
    too_late_ = {"amqp:resource-limit-exceeded",
                 "there are " + std::to_string(shared_.options.max_per_address) + " connections from " +
                     host_ + " already; close some, or raise [amqp] max-connections-per-address"};
    ++shared_.counters.crowded_out;
    drop(transport);
}

void Connection::give_way() {
    too_late_ = {"amqp:resource-limit-exceeded", "others wait to be opened: with [amqp] max-opening of " +
                                                     std::to_string(shared_.options.max_opening) +
                                                     " the oldest makes room for a newer one"};
    ++shared_.counters.crowded_out;
    end_opening();
    drop_soon();
}

void Connection::end_opening() {
    if (opening_) shared_.opening.erase(*opening_);
    opening_.reset();
}

void Connection::on_open() {
    end_opening();
    auto* transport = pn_connection_transport(connection_);
    address_ = remote_address(transport);
    if (!intake_ && !authenticated(transport)) return;
    if (kInputMustBeChecked && !input_.used())
        return close(
            {"amqp:internal-error",
             "the agent does not see what proton reads, which could end it; it is built with a proton "
             "that it cannot be run with"});
    opened_ = true;
    if (admission_ != Admission::within)
        return close({"amqp:resource-limit-exceeded",
                      "the agent serves " + std::to_string(shared_.max_connections) +
                          " connections at once, and they are taken; close one, or raise the limit"});
    has_deadline_ = false;
    shared_.debug(peer().name() + " connected from " + address_);
    auto* offered = pn_connection_offered_capabilities(connection_);
    static constexpr std::string_view kRelay = "ANONYMOUS-RELAY";
    pn_data_put_symbol(offered, pn_bytes(kRelay.size(), kRelay.data()));
    pn_connection_open(connection_);
}

void Connection::on_wake(pn_transport_t* transport) {
    waker_->woken();
    if (has_deadline_ && shared_.clock.steady() >= deadline_) return drop(transport);
    if (input_.refusal()) return end_by_input(transport);
    if (stopping_) return close({"amqp:connection:forced", "the agent stops"});
    for (const auto& [link, handler] : links_) handler->pump();
}

// proton hears nothing of the peer any more, not even that it closes: the deadline for that ends it.
void Connection::end_by_input(pn_transport_t* transport) {
    if (pn_connection_state(connection_) & PN_LOCAL_CLOSED) return;
    too_late_ = *input_.refusal();
    if (!opened_) return drop(transport);
    shared_.warn_of_refusal("ended the connection of " + peer().shown() + ": " + too_late_.condition + ", " +
                            too_late_.description);
    close(too_late_);
}

void Connection::drop(pn_transport_t* transport) {
    if (!transport) return;
    has_deadline_ = false;
    if (!opened_ && !stopping_ && admission_ == Admission::within)
        set_condition(pn_transport_condition(transport), too_late_);
    pn_transport_close_tail(transport);
    pn_transport_close_head(transport);
}

void Connection::on_session_open(pn_session_t* session) {
    pn_session_set_incoming_capacity(session, shared_.options.message_bytes + kSpareWindow);
    pn_session_open(session);
    outgoing_->sessions.push_back(session);
}

void Connection::on_session_close(pn_session_t* session) {
    for (auto it = links_.begin(); it != links_.end();) {
        if (pn_link_session(it->first) == session) {
            it->second->on_close();
            it = links_.erase(it);
        } else {
            ++it;
        }
    }
    std::erase(outgoing_->sessions, session);
    pn_session_close(session);
    pn_session_free(session);
}

void Connection::refuse_link(pn_link_t* link, const Refusal& refusal) {
    ++shared_.counters.links_refused;
    peer().note_refusal("link", refusal);
    refuse(link, refusal);
}

void Connection::add(pn_link_t* link, std::shared_ptr<Link> handler) {
    links_[link] = std::move(handler);
}

void Connection::on_link_open(pn_link_t* link) {
    if (!opened_ || pn_connection_state(connection_) & PN_LOCAL_CLOSED) return;
    if (links_.size() >= shared_.options.links)
        return refuse_link(link, {"amqp:resource-limit-exceeded",
                                  "a connection may have " + std::to_string(shared_.options.links) +
                                      " links; close one, or open another connection"});
    if (pn_link_is_receiver(link)) return open_target(link);
    if (intake_)
        return refuse_link(link, {"amqp:not-allowed",
                                  "nothing can be received here; the agent's own listeners, which want a "
                                  "login, serve receivers"});
    auto* source = pn_link_remote_source(link);
    if (pn_terminus_is_dynamic(source)) {
        const std::string address = amqp::reply_address(shared_.options.domain, random_uuid());
        return open_inbox(link, address, address);
    }
    open_source(link);
}

void Connection::open_target(pn_link_t* link) {
    auto* target = pn_link_remote_target(link);
    if (pn_terminus_get_type(target) == PN_COORDINATOR || pn_terminus_is_dynamic(target))
        return refuse_link(link,
                           {"amqp:not-implemented",
                            "transactions and dynamic targets are not known here; attach to an address"});
    const char* name = pn_terminus_get_address(target);
    auto handler = incoming_link(link, text(name));
    if (!handler) return refuse_link(link, handler.error());
    pn_terminus_set_type(pn_link_target(link), PN_TARGET);
    pn_terminus_set_address(pn_link_target(link), name);
    pn_terminus_set_address(pn_link_source(link), pn_terminus_get_address(pn_link_remote_source(link)));
    pn_link_set_max_message_size(link, shared_.options.message_bytes);
    pn_link_set_snd_settle_mode(link, pn_link_remote_snd_settle_mode(link));
    pn_link_set_rcv_settle_mode(link, PN_RCV_FIRST);
    pn_link_open(link);
    add(link, *handler);
    (*handler)->grant_credit();
}

// "" is the anonymous relay.
Result<std::shared_ptr<IncomingLink>, Refusal> Connection::incoming_link(pn_link_t* link,
                                                                         const std::string& address) {
    if (intake_) {
        if (!address.empty())
            if (auto known = intake_target(*intake_, address); !known) return known.error();
        return std::shared_ptr<IncomingLink>(
            std::make_shared<IntakeLink>(link, shared_, peer(), intake_, !address.empty()));
    }
    std::optional<amqp::Address> target;
    if (!address.empty()) {
        auto found = target_address(shared_, user_, address);
        if (!found) return found.error();
        target = std::move(found).value();
    }
    return std::shared_ptr<IncomingLink>(
        std::make_shared<PublishLink>(link, shared_, peer(), std::move(target)));
}

// `shown` is the address in the peer's own form, which some clients compare.
void Connection::open_inbox(pn_link_t* link, const std::string& address, const std::string& shown) {
    auto inbox = std::make_shared<InboxLink>(link, shared_, peer(), address);
    pn_terminus_set_type(pn_link_source(link), PN_SOURCE);
    pn_terminus_set_address(pn_link_source(link), shown.c_str());
    pn_data_clear(pn_terminus_filter(pn_link_source(link)));  // none is in force
    pn_terminus_set_address(pn_link_target(link), pn_terminus_get_address(pn_link_remote_target(link)));
    pn_link_set_snd_settle_mode(link, pn_link_remote_snd_settle_mode(link));
    pn_link_open(link);
    inbox->announce();
    add(link, std::move(inbox));
}

void Connection::open_source(pn_link_t* link) {
    auto* source = pn_link_remote_source(link);
    const std::string name = text(pn_terminus_get_address(source));
    auto address = amqp::parse_address(name, shared_.options.domain);
    if (!address) return refuse_link(link, {"amqp:not-found", to_string(address.error())});
    if (address->kind == amqp::AddressKind::client) {
        if (auto may = shared_.handler.may_receive_at_client(user_, address->name); !may)
            return refuse_link(link, refusal_of(may.error()));
        return open_inbox(link, amqp::client_address(shared_.options.domain, address->name), name);
    }
    if (address->kind != amqp::AddressKind::events)
        return refuse_link(
            link, {"amqp:not-found", "nothing can be received from '" + one_line(name, 120) +
                                         "'; events are at '" + amqp::event_address(shared_.options.domain) +
                                         "', replies come to a dynamic source"});
    auto filter = amqp::read_filter(pn_terminus_filter(source));
    if (!filter) return refuse_link(link, {filter.error().condition, to_string(filter.error().diagnostic)});

    auto handler = std::make_shared<SubscriptionLink>(link, shared_, peer());
    const std::string query = filter.value() ? filter.value()->xquery : "";
    SubscriptionRequest request{user_, text(pn_link_name(link)), query, std::shared_ptr<Delivery>(handler)};
    request.lenient = amqp::asks_for_leniency(pn_link_remote_properties(link));
    auto subscription = shared_.handler.subscribe(std::move(request));
    if (!subscription) {
        const Diagnostics& problems = subscription.error();
        return refuse_link(link, {refusal_of(problems.front()).condition, to_string(problems)});
    }
    handler->hold(std::move(subscription).value());
    pn_terminus_set_type(pn_link_source(link), PN_SOURCE);
    pn_terminus_set_address(pn_link_source(link), name.c_str());
    if (filter.value()) amqp::write_filter(pn_terminus_filter(pn_link_source(link)), *filter.value());
    pn_terminus_set_address(pn_link_target(link), pn_terminus_get_address(pn_link_remote_target(link)));
    pn_link_set_snd_settle_mode(link, pn_link_remote_snd_settle_mode(link));
    pn_link_set_rcv_settle_mode(link, pn_link_remote_rcv_settle_mode(link));
    pn_link_open(link);
    add(link, std::move(handler));
}

void Connection::on_link_close(pn_link_t* link, bool detach) {
    if (const auto found = links_.find(link); found != links_.end()) {
        found->second->on_close();
        links_.erase(found);
    }
    if (detach)
        pn_link_detach(link);
    else
        pn_link_close(link);
    pn_link_free(link);
}

void Connection::close_links() {
    for (const auto& [link, handler] : links_) handler->on_close();
    links_.clear();
}

void Connection::on_transport_closed(pn_transport_t* transport) {
    input_.detach();
    waker_->close();
    close_links();
    end_opening();
    auto* condition = pn_transport_condition(transport);
    const std::string name = text(pn_condition_get_name(condition));
    const auto reason = [&] { return name + ", " + one_line(text(pn_condition_get_description(condition))); };
    if (opened_) {
        if (admission_ == Admission::within) shared_.debug(peer().name() + " disconnected from " + address_);
        refusals_->end(peer().shown());
        if (broke_protocol(name, reason()))
            shared_.warn_of_refusal("ended the connection of " + peer().shown() + ": " + reason());
    } else if (admission_ != Admission::within) {
        return;  // told when it was accepted
    } else if (pn_sasl_outcome(pn_sasl(transport)) == PN_SASL_AUTH) {
        ++shared_.counters.auth_failures;
        shared_.warn_of_refusal([&] {
            return "authentication failed for a connection of " + remote_address(transport) + ": " +
                   amqp::login_failure(transport);
        });
    } else if (!name.empty()) {
        ++shared_.counters.refused;
        shared_.warn_of_refusal(
            [&] { return "refused a connection of " + remote_address(transport) + ": " + reason(); });
    }
}

}  // namespace clacks::bus
