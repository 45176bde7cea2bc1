// Sends events as fast as credit allows, or at a rate, and waits until each of them is accepted.
// Prints the processor time that it took.
#include "tests/bench/bus/peer.hpp"
#include "tests/bench/bus/phone_event.hpp"

namespace clacks::bench {
namespace {

class Publisher : public Peer {
  public:
    Publisher(const PeerOptions& options, std::uint64_t rate) : Peer(options), rate_(rate) {}

  private:
    const char* name() const override { return "publisher"; }

    pn_link_t* open_link(pn_session_t* session) override {
        auto* link = pn_sender(session, "publisher");
        pn_terminus_set_address(pn_link_target(link), options_.target.c_str());
        pn_link_open(link);
        return link;
    }

    void on_open() override {
        start_ = now_nanoseconds();
        if (rate_ > 0) pn_proactor_set_timeout(proactor(), 1);
    }

    // The timer's event belongs to no connection; the connection is written to in its own.
    void on_timer() override {
        if (sent_ == options_.events) return;
        pn_connection_wake(pn_session_connection(pn_link_session(link())));
        pn_proactor_set_timeout(proactor(), 1);
    }

    std::uint64_t due() const {
        if (rate_ == 0) return options_.events;
        return std::min(options_.events, (now_nanoseconds() - start_) * rate_ / 1'000'000'000);
    }

    void on_credit() override {
        for (const std::uint64_t wanted = due(); sent_ < wanted && pn_link_credit(link()) > 0; ++sent_) {
            const std::string_view message = event_.message(sent_);
            pn_delivery(link(), pn_dtag(reinterpret_cast<const char*>(&sent_), sizeof sent_));
            pn_link_send(link(), message.data(), message.size());
            pn_link_advance(link());
        }
    }

    void on_delivery(pn_delivery_t* delivery) override {
        if (!pn_delivery_updated(delivery)) return;
        if (pn_delivery_remote_state(delivery) != PN_ACCEPTED)
            give_up("publisher: an event was not accepted: " +
                    bus::text(pn_condition_get_description(
                        pn_disposition_condition(pn_delivery_remote(delivery)))));
        pn_delivery_settle(delivery);
        if (++accepted_ == options_.events) finish();
    }

    PhoneEvent event_;
    const std::uint64_t rate_;
    std::uint64_t start_ = 0, sent_ = 0, accepted_ = 0;
};

}  // namespace
}  // namespace clacks::bench

int main(int argc, char** argv) {
    clacks::bench::PeerOptions options;
    std::uint64_t rate = 0;
    CLI::App app("Publishes events of 250 bytes");
    options.add_to(app);
    app.add_option("--rate", rate, "events a second; 0 for as fast as possible");
    CLI11_PARSE(app, argc, argv);
    clacks::bench::Publisher(options, rate).run();
    std::printf("{\"processor\": %.4f}\n", clacks::bench::processor_seconds());
    return 0;
}
