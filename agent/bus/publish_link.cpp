#include "agent/bus/publish_link.hpp"

#include "agent/bus/inbox_link.hpp"
#include "agent/bus/request.hpp"
#include "common/base/text.hpp"

namespace clacks::bus {

Result<amqp::Address, Refusal> target_address(const Shared& shared, const std::string& user,
                                              std::string_view text) {
    const auto& options = shared.options;
    auto address = amqp::parse_address(text, options.domain, shared.handler.command_queues());
    if (!address) return Refusal{"amqp:not-found", to_string(address.error())};
    if ((address->kind == amqp::AddressKind::client || address->kind == amqp::AddressKind::reply) &&
        !find_inbox(shared, user, *address) && !awaited(shared, user, *address))
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
    : IncomingLink(link, shared, std::move(peer)), address_(std::move(address)) {}

// At the relay an address is known once the message is read.
Result<void, Refusal> PublishLink::take(std::string_view bytes) {
    auto message = decode(bytes);
    if (!message) return refuse(std::move(message).error(), address_);
    std::optional<amqp::Address> named;
    if (!address_) {
        if (message->to.empty())
            return Refusal{"amqp:not-found",
                           "the message names no address; set its 'to', or attach to a target"};
        auto found = target_address(shared_, peer_.user, message->to);
        if (!found) return found.error();
        named = std::move(found).value();
    }
    const std::optional<amqp::Address>& address = address_ ? address_ : named;
    if (message->user_id && *message->user_id != peer_.user)
        return refuse({"amqp:unauthorized-access", "the user-id '" + one_line(*message->user_id, 80) +
                                                       "' is not the authenticated user '" + peer_.user +
                                                       "'; leave it out or set it to that"},
                      address);
    return hand_on(*address, std::move(message).value());
}

void PublishLink::refused_unread() {
    refuse({}, address_);
}

Refusal PublishLink::refuse(Refusal why, const std::optional<amqp::Address>& address) const {
    if (address && address->kind == amqp::AddressKind::events) shared_.handler.refused(peer_.user);
    return why;
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
