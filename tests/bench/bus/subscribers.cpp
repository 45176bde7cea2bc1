// Many subscribers in one process, on several connections, each of which is to get every event: checks that
// it is the next one, and every byte of it. Prints READY once all are subscribed, and at the end the
// deliveries a second of all together.
#include <memory>
#include <vector>

#include "common/amqp/filter.hpp"
#include "tests/bench/bus/peer.hpp"
#include "tests/bench/bus/phone_event.hpp"

namespace clacks::bench {
namespace {

constexpr int kCredit = 100;
constexpr const char* kFilter = "declare namespace f='http://www.gonicus.de/Events'; ./f:Event/f:PhoneStatus";

class Subscribers {
  public:
    Subscribers(const PeerOptions& options, std::size_t connections, std::size_t links, std::size_t window)
        : options_(options), connections_(connections), links_(links), window_(window) {}

    void run() {
        proactor_.reset(pn_proactor());
        for (std::size_t i = 0; i < connections_; ++i) connect();
        while (delivered_ < options_.events * connections_ * links_) {
            auto* batch = pn_proactor_wait(proactor_.get());
            while (auto* event = pn_event_batch_next(batch)) handle(event);
            pn_proactor_done(proactor_.get(), batch);
        }
        const double seconds = static_cast<double>(last_ - first_) / 1e9;
        std::printf("{\"deliveries\": %.0f, \"processor\": %.4f}\n",
                    static_cast<double>(delivered_ - 1) / seconds, processor_seconds());
    }

  private:
    void connect() {
        auto* connection = pn_connection();
        auto* transport = pn_transport();
        pn_connection_set_container(connection, "subscribers");
        pn_connection_set_user(connection, options_.user.c_str());
        pn_connection_set_password(connection, options_.password.c_str());
        pn_sasl_set_allow_insecure_mechs(pn_sasl(transport), true);
        pn_transport_set_max_frame(transport, 64 * 1024);
        pn_proactor_connect2(proactor_.get(), connection, transport, options_.address.c_str());
    }

    void open(pn_connection_t* connection) {
        pn_connection_open(connection);
        auto* session = pn_session(connection);
        if (window_ > 0) pn_session_set_incoming_capacity(session, window_);
        pn_session_open(session);
        for (std::size_t i = 0; i < links_; ++i) {
            received_.push_back(std::make_unique<std::uint64_t>(0));
            auto* link = pn_receiver(session, ("s-" + std::to_string(received_.size())).c_str());
            pn_link_set_context(link, received_.back().get());
            pn_terminus_set_address(pn_link_source(link), options_.target.c_str());
            amqp::write_filter(pn_terminus_filter(pn_link_source(link)), {.xquery = kFilter});
            pn_link_open(link);
            pn_link_flow(link, kCredit);
        }
    }

    void handle(pn_event_t* event) {
        switch (pn_event_type(event)) {
            case PN_CONNECTION_INIT:
                open(pn_event_connection(event));
                break;
            case PN_LINK_REMOTE_OPEN:
                if (++subscribed_ < connections_ * links_) break;
                std::printf("READY\n");
                std::fflush(stdout);
                break;
            case PN_DELIVERY:
                on_delivery(pn_event_link(event), pn_event_delivery(event));
                break;
            case PN_LINK_REMOTE_CLOSE:
            case PN_LINK_REMOTE_DETACH:
                give_up(
                    "subscribers: a link was closed: " +
                    bus::text(pn_condition_get_description(pn_link_remote_condition(pn_event_link(event)))));
            case PN_TRANSPORT_CLOSED:
                if (pn_connection_state(pn_event_connection(event)) & PN_LOCAL_ACTIVE)
                    give_up("subscribers: a connection broke: " +
                            bus::text(pn_condition_get_description(
                                pn_transport_condition(pn_event_transport(event)))));
                break;
            default:
                break;
        }
    }

    void on_delivery(pn_link_t* link, pn_delivery_t* delivery) {
        if (!pn_delivery_readable(delivery) || pn_delivery_partial(delivery)) return;
        bytes_.resize(pn_delivery_pending(delivery));
        pn_link_recv(link, bytes_.data(), bytes_.size());
        pn_link_advance(link);
        auto& next = *static_cast<std::uint64_t*>(pn_link_get_context(link));
        if (!event_.sent(bytes_, next))
            give_up("subscribers: not the next event of a link, or not its bytes");
        ++next;
        pn_delivery_update(delivery, PN_ACCEPTED);
        pn_delivery_settle(delivery);
        if (const int left = pn_link_credit(link); left <= kCredit / 2) pn_link_flow(link, kCredit - left);
        last_ = now_nanoseconds();
        if (delivered_++ == 0) first_ = last_;
    }

    const PeerOptions options_;
    const std::size_t connections_, links_, window_;
    bus::Proactor proactor_;
    std::vector<std::unique_ptr<std::uint64_t>> received_;  // of each link
    PhoneEvent event_;
    std::string bytes_;
    std::size_t subscribed_ = 0;
    std::uint64_t delivered_ = 0, first_ = 0, last_ = 0;
};

}  // namespace
}  // namespace clacks::bench

int main(int argc, char** argv) {
    clacks::bench::PeerOptions options;
    std::size_t connections = 20, links = 50, window = 0;
    CLI::App app("Receives every event on many links and checks them");
    options.add_to(app);
    app.add_option("--connections", connections);
    app.add_option("--links", links, "of each connection");
    app.add_option("--window", window, "of each session, in bytes; 0 for no bound");
    CLI11_PARSE(app, argc, argv);
    clacks::bench::Subscribers(options, connections, links, window).run();
    return 0;
}
