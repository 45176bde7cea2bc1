// Receives events with a filter and checks each one: that it is the next one, and every byte of it.
// Prints READY once it is subscribed, and at the end the rate, the latency and its processor time.
#include <algorithm>
#include <vector>

#include "common/amqp/filter.hpp"
#include "tests/bench/bus/peer.hpp"
#include "tests/bench/bus/phone_event.hpp"

namespace clacks::bench {
namespace {

constexpr int kCredit = 1000;
constexpr const char* kFilter =
    "declare namespace f='http://www.gonicus.de/Events'; "
    "let $e := ./f:Event return $e/f:PhoneStatus";

class Subscriber : public Peer {
  public:
    explicit Subscriber(const PeerOptions& options) : Peer(options) { latencies_.reserve(options.events); }

    void report() {
        std::sort(latencies_.begin(), latencies_.end());
        const auto microseconds = [&](std::size_t percent) {
            return static_cast<double>(latencies_[(latencies_.size() - 1) * percent / 100]) / 1000;
        };
        const double seconds = static_cast<double>(last_ - first_) / 1e9;
        std::printf("{\"rate\": %.0f, \"p50\": %.1f, \"p99\": %.1f, \"processor\": %.4f}\n",
                    static_cast<double>(latencies_.size() - 1) / seconds, microseconds(50), microseconds(99),
                    processor_seconds());
    }

  private:
    const char* name() const override { return "subscriber"; }

    pn_link_t* open_link(pn_session_t* session) override {
        auto* link = pn_receiver(session, "subscriber");
        auto* source = pn_link_source(link);
        pn_terminus_set_address(source, options_.target.c_str());
        amqp::write_filter(pn_terminus_filter(source), {.xquery = kFilter});
        pn_link_open(link);
        pn_link_flow(link, kCredit);
        return link;
    }

    void on_open() override {
        std::printf("READY\n");
        std::fflush(stdout);
    }

    void on_delivery(pn_delivery_t* delivery) override {
        if (!pn_delivery_readable(delivery) || pn_delivery_partial(delivery)) return;
        const std::size_t size = pn_delivery_pending(delivery);
        received_.resize(size);
        if (pn_link_recv(link(), received_.data(), size) != static_cast<ssize_t>(size))
            give_up("subscriber: a message could not be read");
        pn_link_advance(link());
        const auto sent = event_.sent(received_, latencies_.size());
        if (!sent)
            give_up("subscriber: not the event number " + std::to_string(latencies_.size()) +
                    ", or not its bytes");
        last_ = now_nanoseconds();
        if (latencies_.empty()) first_ = last_;
        latencies_.push_back(static_cast<std::uint32_t>(std::min<std::uint64_t>(last_ - *sent, UINT32_MAX)));
        pn_delivery_update(delivery, PN_ACCEPTED);
        pn_delivery_settle(delivery);
        if (const int left = pn_link_credit(link()); left <= kCredit / 2)
            pn_link_flow(link(), kCredit - left);
        if (latencies_.size() == options_.events) finish();
    }

    PhoneEvent event_;
    std::string received_;
    std::vector<std::uint32_t> latencies_;  // nanoseconds
    std::uint64_t first_ = 0, last_ = 0;
};

}  // namespace
}  // namespace clacks::bench

int main(int argc, char** argv) {
    clacks::bench::PeerOptions options;
    CLI::App app("Receives events and checks them");
    options.add_to(app);
    CLI11_PARSE(app, argc, argv);
    if (options.events < 2) clacks::bench::give_up("subscriber: at least two events make a rate");
    clacks::bench::Subscriber subscriber(options);
    subscriber.run();
    subscriber.report();
    return 0;
}
