#include "agent/bus/publish_link.hpp"

#include <array>

#include "agent/bus/inbox_link.hpp"
#include "agent/bus/request.hpp"
#include "common/base/text.hpp"

namespace clacks::bus {

namespace {

constexpr std::size_t kKeptBuffer = 64 * 1024;  // between messages

Refusal refusal_of(const Diagnostic& error) {
    const bool forbidden = error.code.find("forbidden") != std::string::npos ||
                           error.code.find("not-permitted") != std::string::npos;
    return {forbidden ? "amqp:unauthorized-access" : "amqp:invalid-field", to_string(error)};
}

}  // namespace

Result<amqp::Address, Refusal> target_address(const Shared& shared, const std::string& user,
                                              std::string_view text) {
    const auto& options = shared.options;
    auto address = amqp::parse_address(text, options.domain, shared.handler.command_queues());
    if (!address) return Refusal{"amqp:not-found", to_string(address.error())};
    if ((address->kind == amqp::AddressKind::client || address->kind == amqp::AddressKind::reply) &&
        !find_inbox(shared, user, *address))
        return no_receiver(shared, *address);
    if (!address->node.empty() && address->node != options.node) {
        const std::string near = nearest(address->node, {options.node});
        return Refusal{"amqp:not-found", "the node '" + one_line(address->node, 80) + "' is not here; " +
                                             (near.empty() ? "this node is '" + options.node + "'"
                                                           : "did you mean '" + options.node + "'?")};
    }
    return std::move(address).value();
}

PublishLink::PublishLink(pn_link_t* link, Shared& shared, Peer peer, std::optional<amqp::Address> address)
    : link_(link), shared_(shared), peer_(std::move(peer)), address_(std::move(address)) {}

void PublishLink::grant_credit() {
    const int wanted = static_cast<int>(shared_.options.credit);
    const int credit = pn_link_credit(link_);
    if (credit <= wanted / 2) pn_link_flow(link_, wanted - credit);
}

void PublishLink::on_delivery(pn_delivery_t* delivery) {
    if (pn_delivery_aborted(delivery)) {
        note_unfinished(delivery, {"aborted", "its sender gave it up before its end"});
        pn_delivery_settle(delivery);
        return grant_credit();
    }
    const bool closed = pn_link_state(link_) & PN_LOCAL_CLOSED;
    if (closed || pn_delivery_local_state(delivery) == PN_REJECTED) return discard(delivery);
    if (pn_delivery_pending(delivery) > shared_.options.message_bytes) {
        refuse_length(delivery);
        return discard(delivery);
    }
    if (pn_delivery_partial(delivery)) return;
    if (pn_delivery_readable(delivery))
        finish(delivery);
    else if (pn_delivery_updated(delivery) && pn_delivery_settled(delivery))
        pn_delivery_settle(delivery);
    grant_credit();
}

void PublishLink::on_close() {
    if (auto* delivery = pn_link_current(link_))
        if (pn_delivery_partial(delivery))
            note_unfinished(delivery, {"incomplete", "its link or connection ended before its end"});
}

void PublishLink::note_unfinished(pn_delivery_t* delivery, const Refusal& refusal) const {
    if (pn_delivery_local_state(delivery) != PN_REJECTED) peer_.note_refusal("message", refusal);
}

// Tells the sender at once that its message is too long, while there is more of it to come.
void PublishLink::refuse_length(pn_delivery_t* delivery) {
    const Refusal refusal{"amqp:link:message-size-exceeded",
                          "a message is longer than the limit of " +
                              std::to_string(shared_.options.message_bytes) +
                              " bytes; send less in one, or raise [amqp] max-message-size"};
    set_condition(pn_disposition_condition(pn_delivery_local(delivery)), refusal);
    pn_delivery_update(delivery, PN_REJECTED);
    peer_.note_refusal("message", refusal);
    ++shared_.counters.rejected;
}

// Reads without keeping anything. The link is closed at the end of the message that is too long and not
// before: proton opens the window of a session no more when its links are closed, and a peer amid a message
// would wait for that for ever, unable even to close its connection.
void PublishLink::discard(pn_delivery_t* delivery) {
    std::array<char, 16 * 1024> scrap;
    if (!pn_delivery_readable(delivery)) return;
    while (pn_delivery_pending(delivery) > 0 && pn_link_recv(link_, scrap.data(), scrap.size()) > 0) {
    }
    if (pn_delivery_partial(delivery)) return;
    pn_link_advance(link_);
    if (pn_link_state(link_) & PN_LOCAL_CLOSED) {
        pn_delivery_update(delivery, PN_RELEASED);
        return pn_delivery_settle(delivery);
    }
    pn_condition_copy(pn_link_condition(link_), pn_disposition_condition(pn_delivery_local(delivery)));
    pn_link_close(link_);
}

void PublishLink::finish(pn_delivery_t* delivery) {
    std::string& bytes = shared_.received;
    bytes.resize(pn_delivery_pending(delivery));
    const ssize_t received = bytes.empty() ? 0 : pn_link_recv(link_, bytes.data(), bytes.size());
    bytes.resize(received > 0 ? static_cast<std::size_t>(received) : 0);
    pn_link_advance(link_);
    const auto outcome = act(bytes);
    if (bytes.capacity() > kKeptBuffer) std::string().swap(bytes);
    if (outcome) {
        pn_delivery_update(delivery, PN_ACCEPTED);
        return pn_delivery_settle(delivery);
    }
    ++shared_.counters.rejected;
    if (pn_delivery_settled(delivery)) ++shared_.counters.rejected_presettled;
    peer_.note_refusal("message", outcome.error());
    reject(delivery, outcome.error());
}

Result<void, Refusal> PublishLink::act(std::string_view bytes) {
    auto message = decode(bytes);
    if (!message) return std::move(message).error();
    if (message->user_id && *message->user_id != peer_.user)
        return Refusal{"amqp:unauthorized-access", "the user-id '" + one_line(*message->user_id, 80) +
                                                       "' is not the authenticated user '" + peer_.user +
                                                       "'; leave it out or set it to that"};
    if (address_) return hand_on(*address_, std::move(message).value());
    if (message->to.empty())
        return Refusal{"amqp:not-found", "the message names no address; set its 'to', or attach to a target"};
    const auto named = target_address(shared_, peer_.user, message->to);
    if (!named) return named.error();
    return hand_on(*named, std::move(message).value());
}

Result<void, Refusal> PublishLink::hand_on(const amqp::Address& address, IncomingMessage message) {
    if (address.kind == amqp::AddressKind::events) return publish(std::move(message));
    if (address.kind == amqp::AddressKind::command)
        return submit_request(shared_, peer_, address.name, std::move(message));
    return forward(shared_, peer_, address, message);
}

Result<void, Refusal> PublishLink::publish(IncomingMessage message) {
    auto published = shared_.handler.publish(Publication{std::move(message.body), peer_.user,
                                                         std::move(message.properties),
                                                         std::move(message.application_properties)});
    if (!published) return refusal_of(published.error());
    ++shared_.counters.published;
    return {};
}

}  // namespace clacks::bus
