// Whatever a peer sends, to a listener or to an intake: nothing counts before the login, what counts is said
// to be of the user who logged in, and when the peer has gone nothing of it is left.
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>

#include "agent/bus/transport.hpp"
#include "common/amqp/sasl_plugin.hpp"
#include "common/amqp/sasldb.hpp"
#include "tests/fuzz/amqp/peer.hpp"
#include "tests/support/echo_handler.hpp"

using namespace clacks;

namespace {

constexpr std::string_view kUser = "admin", kPassword = "secret";
constexpr std::string_view kOffer = "ANONYMOUS-RELAY";  // in the bus's own open, and in no other frame

void require(bool holds) {
    if (!holds) std::abort();
}

class Handler : public tests::EchoHandler {
  public:
    Result<Published> publish(Publication publication) override {
        served(publication.user);
        return EchoHandler::publish(std::move(publication));
    }
    Result<std::unique_ptr<Subscription>, Diagnostics> subscribe(SubscriptionRequest request) override {
        served(request.owner);
        return EchoHandler::subscribe(std::move(request));
    }
    void request(BusRequest request, std::function<void(std::string)> reply) override {
        served(request.user);
        EchoHandler::request(std::move(request), std::move(reply));
    }
    int calls = 0;

  private:
    void served(const std::string& user) {
        require(user == kUser);
        ++calls;
    }
};

class Fixture {
  public:
    Fixture() : shared_(options(), handler_, clock_) {
        require(amqp::start_sasl_server().ok());
        bus::make_sasl_servers(shared_);
        shared_.max_connections = 1;
    }
    ~Fixture() { std::filesystem::remove_all(folder_); }
    Fixture(const Fixture&) = delete;
    Fixture& operator=(const Fixture&) = delete;

    void at_listener(std::string_view sent, fuzz::Sending sending) {
        handler_.calls = 0;
        const std::string received = fuzz::converse(shared_, clock_, nullptr, sent, sending);
        // Who does not know the password cannot have logged in: SCRAM's proof is another one each time. An
        // error may repeat what was sent.
        const bool knows = sent.find(kPassword) != std::string_view::npos;
        const bool repeats = sent.find(kOffer) != std::string_view::npos;
        require(knows || (handler_.calls == 0 && (repeats || received.find(kOffer) == std::string::npos)));
        require_nothing_left();
    }

    const BusCounters& counters() const { return shared_.counters; }

    void at_intake(std::string_view sent) {
        handler_.calls = 0;
        fuzz::converse(shared_, clock_, intake_, sent, fuzz::Sending::pieces);
        require(handler_.calls == 0);
        require_nothing_left();
    }

  private:
    BusOptions options() {
        std::string pattern = std::filesystem::temp_directory_path() / "fuzz-listener-XXXXXX";
        folder_ = ::mkdtemp(pattern.data());
        BusOptions options;
        options.node = "fuzz";
        options.sasldb = folder_ / "users";
        options.links = 8;
        options.queue_events = 16;
        options.message_bytes = 64 * 1024;
        require(amqp::set_password(options.sasldb, options.realm, std::string(kUser), std::string(kPassword))
                    .ok());
        return options;
    }

    void require_nothing_left() {
        require(handler_.subscriptions() == 0 && shared_.inboxes.empty() && shared_.by_host.empty());
        require(shared_.opening.empty() && shared_.served == 0 && shared_.at_intakes == 0);
        require(shared_.counters.open == 0);
        // The limit itself is not over the limit, unless something is held beside it.
        shared_.held->add(shared_.options.held_bytes);
        require(!shared_.held->over());
        shared_.held->remove(shared_.options.held_bytes);
    }

    std::filesystem::path folder_;
    Handler handler_;
    ManualClock clock_;
    bus::Shared shared_;
    const std::shared_ptr<const bus::OpenIntake> intake_ = std::make_shared<const bus::OpenIntake>(
        bus::OpenIntake{{"127.0.0.1", 0, "collectd"}, [](const std::string&) { return true; }});
};

Fixture& fixture() {
    static Fixture fixture;
    return fixture;
}

}  // namespace

const BusCounters& fuzz::listener_counters() {
    return fixture().counters();
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view sent(reinterpret_cast<const char*>(data), size);
    fixture().at_listener(sent, fuzz::Sending::frames);
    fixture().at_listener(sent, fuzz::Sending::pieces);
    fixture().at_intake(sent);
    return 0;
}
