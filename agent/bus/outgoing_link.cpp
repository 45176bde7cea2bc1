#include <proton/connection.h>
#include <proton/session.h>

#include "agent/bus/link.hpp"

namespace clacks::bus {

namespace {

// Deliveries of one link that may wait inside proton, which looks at each of them again whenever it writes.
constexpr int kQueuedInProton = 64;

// Of the connection's other sessions.
std::size_t others_outgoing_bytes(pn_session_t* own) {
    std::size_t bytes = 0;
    auto* connection = pn_session_connection(own);
    for (auto* session = pn_session_head(connection, 0); session; session = pn_session_next(session, 0))
        if (session != own) bytes += pn_session_outgoing_bytes(session);
    return bytes;
}

}  // namespace

void OutgoingLink::on_delivery(pn_delivery_t* delivery) {
    if (!pn_delivery_updated(delivery)) return;
    if (pn_delivery_settled(delivery) || pn_delivery_remote_state(delivery) >= PN_ACCEPTED) {
        const auto bytes = reinterpret_cast<std::uintptr_t>(pn_delivery_get_context(delivery));
        unsettled_bytes_ -= bytes;
        held_->remove(bytes);
        pn_delivery_settle(delivery);
    }
    pump();
}

void OutgoingLink::set_blocked(bool blocked) {
    if (blocked == blocked_) return;
    blocked_ = blocked;
    if (blocked)
        waker_->add_blocked();
    else
        waker_->remove_blocked();
}

void OutgoingLink::pump() {
    bool sent = false;
    if (may_send() && !idle()) {
        auto* session = pn_link_session(link_);
        const std::size_t others = others_outgoing_bytes(session);  // only ours grows meanwhile
        do {
            if (pn_link_queued(link_) >= kQueuedInProton ||
                others + pn_session_outgoing_bytes(session) >= shared_.options.outgoing_bytes) {
                set_blocked(true);
                // proton writes between two batches of events, and then there may be room again.
                if (sent) waker_->wake();
                return;
            }
            sent = send_next();
        } while (sent && may_send());
    }
    // What others hold may go at any time, without a word to this link.
    set_blocked(pn_link_credit(link_) > 0 && !idle() && held_->over());
    if (pn_link_get_drain(link_) && idle()) pn_link_drained(link_);
}

// pn_link_send buffers without limit, so the limits are kept here and in pump().
bool OutgoingLink::has_room() const {
    return unsettled_bytes_ == 0 ||
           (static_cast<std::size_t>(pn_link_unsettled(link_)) < shared_.options.unsettled &&
            unsettled_bytes_ < shared_.options.unsettled_bytes && !held_->over());
}

void OutgoingLink::send(std::string_view head, std::string_view body) {
    ++next_tag_;
    auto* delivery = pn_delivery(link_, pn_dtag(reinterpret_cast<const char*>(&next_tag_), sizeof next_tag_));
    pn_link_send(link_, head.data(), head.size());
    if (!body.empty()) pn_link_send(link_, body.data(), body.size());
    pn_link_advance(link_);
    if (pn_link_remote_snd_settle_mode(link_) == PN_SND_SETTLED) return pn_delivery_settle(delivery);
    const std::uintptr_t bytes = head.size() + body.size();
    unsettled_bytes_ += bytes;
    held_->add(bytes);
    // NOLINTNEXTLINE(performance-no-int-to-ptr): the context is a number that nobody follows
    pn_delivery_set_context(delivery, reinterpret_cast<void*>(bytes));
}

}  // namespace clacks::bus
