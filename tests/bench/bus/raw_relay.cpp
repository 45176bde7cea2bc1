// The measure of what proton and the machine give: hands the bytes of every message that a sender's link
// brings to every receiver's link, unread. One thread on the C proactor. It knows no addresses, asks for
// no password and loses nothing: its queues have no bound. Prints "PORT NUMBER" when it listens.
#include <proton/connection.h>
#include <proton/delivery.h>
#include <proton/event.h>
#include <proton/link.h>
#include <proton/listener.h>
#include <proton/netaddr.h>
#include <proton/sasl.h>
#include <proton/session.h>
#include <proton/transport.h>
#include <sys/prctl.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "agent/bus/proton.hpp"

namespace clacks::bench {
namespace {

constexpr int kCredit = 1000;
constexpr std::size_t kWindow = 1024 * 1024;  // bytes that may wait inside proton

class RawRelay {
  public:
    [[noreturn]] void run() {
        proactor_.reset(pn_proactor());
        pn_proactor_listen(proactor_.get(), pn_listener(), "127.0.0.1:0", 16);
        for (;;) {
            auto* batch = pn_proactor_wait(proactor_.get());
            while (auto* event = pn_event_batch_next(batch)) handle(event);
            pn_proactor_done(proactor_.get(), batch);
        }
    }

  private:
    using Bytes = std::shared_ptr<const std::string>;
    struct Receiver {
        std::deque<Bytes> queue;
        bool woken = false;
    };

    void handle(pn_event_t* event) {
        auto* link = pn_event_link(event);
        switch (pn_event_type(event)) {
            case PN_LISTENER_OPEN:
                tell_port(pn_event_listener(event));
                break;
            case PN_LISTENER_ACCEPT:
                accept(pn_event_listener(event));
                break;
            case PN_CONNECTION_REMOTE_OPEN:
                pn_connection_open(pn_event_connection(event));
                break;
            case PN_CONNECTION_REMOTE_CLOSE:
                pn_connection_close(pn_event_connection(event));
                break;
            case PN_SESSION_REMOTE_OPEN:
                pn_session_set_incoming_capacity(pn_event_session(event), kWindow);
                pn_session_open(pn_event_session(event));
                break;
            case PN_LINK_REMOTE_OPEN:
                open(link);
                break;
            case PN_LINK_FLOW:
                pump(link);
                break;
            case PN_CONNECTION_WAKE:
                for (auto* receiver : by_connection_[pn_event_connection(event)]) {
                    receivers_[receiver].woken = false;
                    pump(receiver);
                }
                break;
            case PN_DELIVERY:
                if (pn_link_is_sender(link))
                    on_settlement(link, pn_event_delivery(event));
                else
                    on_message(link, pn_event_delivery(event));
                break;
            case PN_TRANSPORT_CLOSED:
                by_connection_.erase(pn_event_connection(event));
                std::erase_if(receivers_, [&](const auto& entry) {
                    return pn_session_connection(pn_link_session(entry.first)) == pn_event_connection(event);
                });
                break;
            default:
                break;
        }
    }

    static void tell_port(pn_listener_t* listener) {
        std::array<char, PN_MAX_ADDR> port{};
        pn_netaddr_host_port(pn_listener_addr(listener), nullptr, 0, port.data(), port.size());
        std::printf("PORT %s\n", port.data());
        std::fflush(stdout);
    }

    static void accept(pn_listener_t* listener) {
        auto* transport = pn_transport();
        pn_transport_set_server(transport);
        pn_sasl_allowed_mechs(pn_sasl(transport), "ANONYMOUS");
        pn_transport_set_max_frame(transport, 64 * 1024);
        pn_listener_accept2(listener, nullptr, transport);
    }

    void open(pn_link_t* link) {
        pn_terminus_copy(pn_link_source(link), pn_link_remote_source(link));
        pn_terminus_copy(pn_link_target(link), pn_link_remote_target(link));
        pn_link_open(link);
        if (pn_link_is_receiver(link))
            pn_link_flow(link, kCredit);
        else {
            receivers_[link];
            by_connection_[pn_session_connection(pn_link_session(link))].push_back(link);
        }
    }

    void on_message(pn_link_t* link, pn_delivery_t* delivery) {
        if (!pn_delivery_readable(delivery) || pn_delivery_partial(delivery)) return;
        auto bytes = std::make_shared<std::string>(pn_delivery_pending(delivery), '\0');
        pn_link_recv(link, bytes->data(), bytes->size());
        pn_link_advance(link);
        pn_delivery_update(delivery, PN_ACCEPTED);
        pn_delivery_settle(delivery);
        for (auto& [receiver, state] : receivers_) {
            state.queue.push_back(bytes);
            if (!std::exchange(state.woken, true))
                pn_connection_wake(pn_session_connection(pn_link_session(receiver)));
        }
        if (const int left = pn_link_credit(link); left <= kCredit / 2) pn_link_flow(link, kCredit - left);
    }

    void on_settlement(pn_link_t* link, pn_delivery_t* delivery) {
        if (!pn_delivery_updated(delivery)) return;
        pn_delivery_settle(delivery);
        pump(link);
    }

    void pump(pn_link_t* link) {
        const auto found = receivers_.find(link);
        if (found == receivers_.end()) return;
        auto& queue = found->second.queue;
        while (!queue.empty() && pn_link_credit(link) > 0 &&
               pn_session_outgoing_bytes(pn_link_session(link)) < kWindow) {
            ++tag_;
            pn_delivery(link, pn_dtag(reinterpret_cast<const char*>(&tag_), sizeof tag_));
            pn_link_send(link, queue.front()->data(), queue.front()->size());
            pn_link_advance(link);
            queue.pop_front();
        }
    }

    bus::Proactor proactor_;
    std::unordered_map<pn_link_t*, Receiver> receivers_;
    std::unordered_map<pn_connection_t*, std::vector<pn_link_t*>> by_connection_;
    std::uint64_t tag_ = 0;
};

}  // namespace
}  // namespace clacks::bench

int main() {
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    clacks::bench::RawRelay().run();
}
