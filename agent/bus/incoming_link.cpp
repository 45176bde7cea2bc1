#include "agent/bus/incoming_link.hpp"

#include <array>

namespace clacks::bus {

namespace {

constexpr std::size_t kKeptBuffer = 64 * 1024;  // between messages

}  // namespace

void IncomingLink::grant_credit() {
    const int wanted = static_cast<int>(shared_.options.credit);
    const int credit = pn_link_credit(link_);
    if (credit <= wanted / 2) pn_link_flow(link_, wanted - credit);
}

void IncomingLink::on_delivery(pn_delivery_t* delivery) {
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

void IncomingLink::on_close() {
    if (auto* delivery = pn_link_current(link_))
        if (pn_delivery_partial(delivery))
            note_unfinished(delivery, {"incomplete", "its link or connection ended before its end"});
}

void IncomingLink::note_unfinished(pn_delivery_t* delivery, const Refusal& refusal) const {
    if (pn_delivery_local_state(delivery) != PN_REJECTED) peer_.note_refusal("message", refusal);
}

// Tells the sender at once that its message is too long, while there is more of it to come.
void IncomingLink::refuse_length(pn_delivery_t* delivery) {
    const Refusal refusal{"amqp:link:message-size-exceeded",
                          "a message is longer than the limit of " +
                              std::to_string(shared_.options.message_bytes) +
                              " bytes; send less in one, or raise [amqp] max-message-size"};
    set_condition(pn_disposition_condition(pn_delivery_local(delivery)), refusal);
    pn_delivery_update(delivery, PN_REJECTED);
    peer_.note_refusal("message", refusal);
    ++shared_.counters.rejected;
    refused_unread();
}

// Reads without keeping anything. The link is closed at the end of the message that is too long and not
// before: proton opens the window of a session no more when its links are closed, and a peer amid a message
// would wait for that for ever, unable even to close its connection.
void IncomingLink::discard(pn_delivery_t* delivery) {
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

void IncomingLink::finish(pn_delivery_t* delivery) {
    std::string& bytes = shared_.received;
    bytes.resize(pn_delivery_pending(delivery));
    const ssize_t received = bytes.empty() ? 0 : pn_link_recv(link_, bytes.data(), bytes.size());
    bytes.resize(received > 0 ? static_cast<std::size_t>(received) : 0);
    pn_link_advance(link_);
    const auto outcome = take(bytes);
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

}  // namespace clacks::bus
