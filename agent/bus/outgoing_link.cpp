#include <proton/connection.h>
#include <proton/session.h>

#include "agent/bus/link.hpp"

namespace clacks::bus {

namespace {

std::size_t outgoing_bytes(pn_link_t* link) {
    std::size_t bytes = 0;
    auto* connection = pn_session_connection(pn_link_session(link));
    for (auto* session = pn_session_head(connection, 0); session; session = pn_session_next(session, 0))
        bytes += pn_session_outgoing_bytes(session);
    return bytes;
}

}  // namespace

void OutgoingLink::on_delivery(pn_delivery_t* delivery) {
    if (!pn_delivery_updated(delivery)) return;
    if (pn_delivery_settled(delivery) || pn_delivery_remote_state(delivery) >= PN_ACCEPTED) {
        unsettled_bytes_ -= reinterpret_cast<std::uintptr_t>(pn_delivery_get_context(delivery));
        pn_delivery_settle(delivery);
    }
    pump();
}

void OutgoingLink::pump() {
    blocked_ = false;
    for (Room now = room(); now != Room::none && !idle(); now = room()) {
        blocked_ = now == Room::window_full;
        if (blocked_) return;
        send_next();
    }
    if (pn_link_get_drain(link_) && idle()) pn_link_drained(link_);
}

// pn_link_send buffers without limit, so the limits are kept here.
OutgoingLink::Room OutgoingLink::room() const {
    if (pn_link_credit(link_) <= 0) return Room::none;
    if (static_cast<std::size_t>(pn_link_unsettled(link_)) >= shared_.options.unsettled ||
        unsettled_bytes_ >= shared_.options.unsettled_bytes)
        return Room::none;
    return outgoing_bytes(link_) < shared_.options.outgoing_bytes ? Room::ready : Room::window_full;
}

void OutgoingLink::send(std::string_view bytes) {
    ++next_tag_;
    auto* delivery = pn_delivery(link_, pn_dtag(reinterpret_cast<const char*>(&next_tag_), sizeof next_tag_));
    pn_link_send(link_, bytes.data(), bytes.size());
    pn_link_advance(link_);
    if (pn_link_remote_snd_settle_mode(link_) == PN_SND_SETTLED) return pn_delivery_settle(delivery);
    unsettled_bytes_ += bytes.size();
    pn_delivery_set_context(delivery, reinterpret_cast<void*>(std::uintptr_t{bytes.size()}));
}

}  // namespace clacks::bus
