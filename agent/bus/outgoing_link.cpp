#include <proton/session.h>

#include <algorithm>

#include "agent/bus/link.hpp"

namespace clacks::bus {

namespace {

// Deliveries that may wait inside proton: of one link, and of a connection's links together. Whenever proton
// writes, and for a peer with a small window that is after a few deliveries, it looks at each of the
// connection again.
constexpr std::size_t kQueuedOfLink = 64, kQueuedOfConnection = 128;

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

void OutgoingLink::set_sending(bool sending) {
    if (sending == is_sending_) return;
    is_sending_ = sending;
    outgoing_->links += sending ? 1 : -1;
}

// What of it may wait inside proton, so that each link of a connection gets its turn.
int OutgoingLink::share() const {
    return static_cast<int>(std::clamp<std::size_t>(
        kQueuedOfConnection / std::max<std::size_t>(outgoing_->links, 1), 1, kQueuedOfLink));
}

void OutgoingLink::pump() {
    bool waiting = !idle(), sent = false;
    set_sending(waiting);
    if (waiting && may_send()) {
        auto* session = pn_link_session(link_);
        const std::size_t others = outgoing_->bytes_beside(session);  // only ours grows meanwhile
        const int most = share();
        do {
            if (pn_link_queued(link_) >= most ||
                others + pn_session_outgoing_bytes(session) >= shared_.options.outgoing_bytes) {
                set_blocked(true);
                // proton writes between two batches of events, and then there may be room again.
                if (sent) waker_->wake();
                return;
            }
            sent = send_next();
        } while (sent && may_send());
        waiting = !idle();
        set_sending(waiting);
    }
    // What others hold may go at any time, without a word to this link.
    set_blocked(waiting && pn_link_credit(link_) > 0 && held_->over());
    if (!waiting && pn_link_get_drain(link_)) pn_link_drained(link_);
}

// pn_link_send buffers without limit, so the limits are kept here and in pump().
bool OutgoingLink::has_room() const {
    return unsettled_bytes_ == 0 ||
           (static_cast<std::size_t>(pn_link_unsettled(link_)) < shared_.options.unsettled &&
            unsettled_bytes_ < shared_.options.unsettled_bytes && !held_->over());
}

void OutgoingLink::send(std::string_view message) {
    ++next_tag_;
    auto* delivery = pn_delivery(link_, pn_dtag(reinterpret_cast<const char*>(&next_tag_), sizeof next_tag_));
    pn_link_send(link_, message.data(), message.size());
    pn_link_advance(link_);
    if (pn_link_remote_snd_settle_mode(link_) == PN_SND_SETTLED) return pn_delivery_settle(delivery);
    const std::uintptr_t bytes = message.size();
    unsettled_bytes_ += bytes;
    held_->add(bytes);
    // NOLINTNEXTLINE(performance-no-int-to-ptr): the context is a number that nobody follows
    pn_delivery_set_context(delivery, reinterpret_cast<void*>(bytes));
}

}  // namespace clacks::bus
