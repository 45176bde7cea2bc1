// The client's classes against the real bus, in one process.
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

#include "common/amqp/sasldb.hpp"
#include "common/client/clacks.hpp"
#include "tests/support/echo_handler.hpp"

using namespace clacks;
using nlohmann::json;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr seconds kPatience(60);

// Answers a request with its parameters; "fail" with an error, "silence" not at all.
class Handler : public tests::EchoHandler {
  public:
    void request(BusRequest request, std::function<void(std::string)> reply) override {
        const json asked = json::parse(request.body);
        json answer{{"jsonrpc", "2.0"}, {"id", asked["id"]}};
        if (asked["method"] == "silence") return;
        if (asked["method"] == "fail")
            answer["error"] = {{"code", -32001}, {"message", "no such thing"}, {"data", {{"line", 3}}}};
        else
            answer["result"] = asked["params"];
        reply(asked["method"] == "garbage" ? "{" : answer.dump());
    }
};

class Server {
  public:
    explicit Server(std::uint16_t port = 0, std::size_t queue = 10000) {
        options_.sasldb = (folder_ / "users").string();
        std::filesystem::create_directories(folder_);
        REQUIRE(amqp::set_password(options_.sasldb, options_.realm, "admin", "secret"));
        options_.node = "node";
        options_.queue_events = queue;
        start(port);
    }
    ~Server() {
        bus_.reset();
        std::filesystem::remove_all(folder_);
    }
    void start(std::uint16_t port) {
        options_.listeners = {{"127.0.0.1", port, false}};
        bus_ = std::make_unique<Bus>(options_, handler);
        REQUIRE(bus_->start());
        port_ = bus_->ports().front();
    }
    void restart() {
        bus_->stop(milliseconds(100));
        start(port_);
    }
    void stop() { bus_->stop(milliseconds(100)); }
    std::string url(const std::string& user = "admin:secret") const {
        return "amqp://" + user + "@localhost:" + std::to_string(port_) + "/org.clacks";
    }

    Handler handler;

  private:
    std::filesystem::path folder_ = std::filesystem::temp_directory_path() / ("clacks-" + random_uuid());
    BusOptions options_;
    std::unique_ptr<Bus> bus_;
    std::uint16_t port_ = 0;
};

// Things that threads say, to wait for.
class Said {
  public:
    void add(std::string_view line) {
        const std::lock_guard lock(mutex_);
        lines_.emplace_back(line);
        changed_.notify_all();
    }
    template <class Condition>
    bool wait(Condition condition) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, kPatience, [&] { return condition(lines_); });
    }
    bool wait_for(std::size_t count) {
        return wait([&](const auto& lines) { return lines.size() >= count; });
    }
    std::vector<std::string> lines() const {
        const std::lock_guard lock(mutex_);
        return lines_;
    }

  private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> lines_;
};

}  // namespace

TEST_CASE("a call brings its result, an error is thrown with code and data") {
    const Server server;
    AMQPServiceProxy proxy(server.url());
    CHECK(proxy.call("echo", "text", 5, true, 0.5, json{{"a", 1}}) ==
          json::parse(R"(["text", 5, true, 0.5, {"a": 1}])"));
    CHECK(proxy.try_call("echo", json{{"name", "value"}}).value() == json{{"name", "value"}});
    try {
        proxy.call("fail");
        FAIL("no error");
    } catch (const ServiceError& error) {
        CHECK(error.code() == -32001);
        CHECK(error.message() == "no such thing");
        CHECK(error.data()["line"] == 3);
    }
}

TEST_CASE("calls of many threads each get their own answer") {
    const Server server;
    AMQPServiceProxy proxy(server.url());
    std::atomic<int> right{0};
    std::vector<std::thread> threads;
    threads.reserve(8);
    for (int t = 0; t < 8; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 25; ++i)
                if (auto answer = proxy.try_call("echo", json::array({t, i}));
                    answer && *answer == json::array({t, i}))
                    ++right;
        });
    for (auto& thread : threads) thread.join();
    CHECK(right == 200);
}

TEST_CASE("a call without an answer fails with code 0 and says why") {
    Server server;
    ServiceOptions options;
    const auto error = [&](const std::string& url, const char* method,
                           const json& parameters = json::array()) {
        AMQPServiceProxy proxy(url, options);
        const auto result = proxy.try_call(method, parameters);
        REQUIRE_FALSE(result);
        CHECK(result.error().code == 0);
        return result.error().message;
    };
    using Catch::Contains;
    CHECK_THAT(error(server.url(), "garbage"), Contains("JSON-RPC"));
    CHECK_THAT(error(server.url(), "echo", json::array({"\xff"})), Contains("UTF-8"));
    CHECK_THAT(error(server.url("admin:wrong"), "echo"),
               Contains("refuses the user 'admin'") && !Contains("wrong"));
    CHECK_THAT(error("nonsense", "echo"), !Contains("secret"));
    options.timeout = milliseconds(200);
    CHECK_THAT(error(server.url(), "silence"), Contains("time over"));
    server.stop();
    CHECK_THAT(error(server.url(), "echo"), Contains("nobody listens"));
    CHECK_THROWS_AS(Argument("\xff"), ServiceError);
}

TEST_CASE("a connection that is lost is made anew at the next call") {
    Server server;
    AMQPServiceProxy proxy(server.url());
    CHECK(proxy.call("echo", 1) == json::array({1}));
    server.restart();
    // The first call may still meet the old connection's end; it is not repeated by itself.
    auto again = proxy.try_call("echo", json::array({2}));
    if (!again) again = proxy.try_call("echo", json::array({2}));
    REQUIRE(again);
    CHECK(*again == json::array({2}));
}

TEST_CASE("a lost connection ends the calls that wait") {
    Server server;
    ServiceOptions options;
    options.timeout = kPatience * 10;
    AMQPServiceProxy proxy(server.url(), options);
    CHECK(proxy.call("echo", 1) == json::array({1}));
    std::thread stopping([&] { server.stop(); });
    const auto answer = proxy.try_call("silence", json::array());
    stopping.join();
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == 0);
}

TEST_CASE("a publisher learns the verdict of each event") {
    const Server server;
    Publisher publisher(server.url());
    CHECK(publisher.publish("<a/>"));
    const auto refused = publisher.publish("no document");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == "event-rejected");
    CHECK_THAT(refused.error().message, Catch::Contains("does not start with '<'"));
    std::atomic<int> accepted{0};
    std::vector<std::thread> threads;
    threads.reserve(4);
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i < 100; ++i)
                if (publisher.publish("<a/>")) ++accepted;
        });
    for (auto& thread : threads) thread.join();
    CHECK(accepted == 400);
}

TEST_CASE("a consumer gets every event in order, with its sender") {
    const Server server;
    Said said;
    AMQPEventConsumer consumer(server.url(), "filter", [&](const ReceivedEvent& event) {
        said.add(event.sender == "admin" ? event.document : "not from admin");
    });
    REQUIRE(consumer.wait_until_subscribed(kPatience));
    Publisher publisher(server.url());
    std::vector<std::string> sent;
    for (int i = 0; i < 1000; ++i) {
        sent.push_back("<a n='" + std::to_string(i) + "'/>");
        REQUIRE(publisher.publish(sent.back()));
    }
    CHECK(said.wait_for(1000));
    CHECK(said.lines() == sent);
    consumer.close();
    CHECK(consumer.join());
}

TEST_CASE("a callback that waits loses the oldest, and the number lost is told") {
    const Server server(0, 10);
    std::mutex gate;
    std::atomic<std::uint64_t> got{0}, dropped{0};
    Said said;
    std::unique_lock shut(gate);
    AMQPEventConsumer consumer(server.url(), "", [&](const ReceivedEvent& event) {
        const std::lock_guard wait(gate);
        ++got;
        dropped += event.dropped;
        if (event.document == "<last/>") said.add("last");
    });
    REQUIRE(consumer.wait_until_subscribed(kPatience));
    Publisher publisher(server.url());
    for (int i = 0; i < 1000; ++i) REQUIRE(publisher.publish("<a/>"));
    REQUIRE(publisher.publish("<last/>"));
    shut.unlock();
    REQUIRE(said.wait_for(1));
    CHECK(got + dropped == 1001);
    CHECK(dropped > 0);
    CHECK(got < 1000);
}

TEST_CASE("a callback that throws drops its event only, and may close its consumer") {
    const Server server;
    Said log;
    ConsumerOptions options;
    options.log = [&](std::string_view line) { log.add(line); };
    AMQPEventConsumer* self = nullptr;
    std::atomic<int> calls{0};
    AMQPEventConsumer consumer(
        server.url(), "",
        [&](const ReceivedEvent& event) {
            ++calls;
            if (event.document == "<throw/>") throw std::runtime_error("on purpose");
            self->close();
        },
        options);
    self = &consumer;
    REQUIRE(consumer.wait_until_subscribed(kPatience));
    Publisher publisher(server.url());
    for (const char* document : {"<throw/>", "<close/>", "<late/>"}) REQUIRE(publisher.publish(document));
    CHECK(consumer.join());
    CHECK(calls == 2);
    CHECK(log.wait([](const auto& lines) {
        return std::any_of(lines.begin(), lines.end(),
                           [](const auto& line) { return line.find("on purpose") != std::string::npos; });
    }));
}

TEST_CASE("a refused login or filter ends a consumer for good") {
    const Server server;
    const auto nothing = [](const ReceivedEvent&) {};
    AMQPEventConsumer stranger(server.url("admin:wrong"), "", nothing);
    auto ended = stranger.join();
    REQUIRE_FALSE(ended);
    CHECK(ended.error().code == "login-refused");
    AMQPEventConsumer wrong(server.url(), "bad", nothing);
    CHECK_FALSE(wrong.wait_until_subscribed(kPatience));
    ended = wrong.join();
    REQUIRE_FALSE(ended);
    CHECK(ended.error().code == "filter-refused");
    CHECK_THAT(ended.error().message, Catch::Contains("XPST0003"));
    CHECK_FALSE(AMQPEventConsumer("nonsense", "", nothing).join());
}

TEST_CASE("must_connect_first ends a consumer where nobody listens") {
    Server server;
    server.stop();
    ConsumerOptions options;
    options.must_connect_first = true;
    AMQPEventConsumer consumer(
        server.url(), "", [](const ReceivedEvent&) {}, options);
    const auto ended = consumer.join();
    REQUIRE_FALSE(ended);
    CHECK(ended.error().code == "unreachable");
}

TEST_CASE("a consumer comes back after a loss, with one line for each change of state") {
    Server server;
    Said log, said;
    ConsumerOptions options;
    options.log = [&](std::string_view line) { log.add(line); };
    AMQPEventConsumer consumer(
        server.url(), "filter", [&](const ReceivedEvent& event) { said.add(event.document); }, options);
    const auto subscribed = [&](std::size_t times) {
        return log.wait([=](const auto& lines) {
            return static_cast<std::size_t>(std::count_if(lines.begin(), lines.end(), [](const auto& line) {
                       return line.starts_with("subscribed");
                   })) >= times;
        });
    };
    REQUIRE(subscribed(1));
    server.restart();
    REQUIRE(subscribed(2));
    Publisher publisher(server.url());
    REQUIRE(publisher.publish("<after/>"));
    CHECK(said.wait_for(1));
    const auto lines = log.lines();
    REQUIRE(lines.size() >= 3);
    CHECK(lines.size() <= 4);  // "not connected" as well, where the bus was not back at the first attempt
    CHECK_THAT(lines[1], Catch::StartsWith("connection lost: "));
    for (const auto& line : lines) CHECK_THAT(line, !Catch::Contains("secret"));
}

TEST_CASE("consumers end at once, connected or not") {
    Server server;
    const auto nothing = [](const ReceivedEvent&) {};
    { AMQPEventConsumer unconnected(server.url(), "", nothing); }
    AMQPEventConsumer connected(server.url(), "", nothing);
    REQUIRE(connected.wait_until_subscribed(kPatience));
    CHECK_FALSE(connected.join_for(milliseconds(1)));
    connected.close();
    CHECK(connected.join_for(milliseconds(1)));
    server.stop();
    AMQPEventConsumer trying(server.url(), "", nothing);
    CHECK_FALSE(trying.wait_until_subscribed(milliseconds(50)));
}

TEST_CASE("events are made and sent") {
    const Server server;
    Said said;
    AMQPEventConsumer consumer(server.url(), "",
                               [&](const ReceivedEvent& event) { said.add(event.document); });
    REQUIRE(consumer.wait_until_subscribed(kPatience));
    const EventMaker e;
    REQUIRE(Publisher(server.url()).publish(e("Event", e("PhoneStatus", e("Status", "a<b"))).str()));
    REQUIRE(said.wait_for(1));
    CHECK(said.lines().front() ==
          "<Event xmlns=\"http://www.gonicus.de/Events\"><PhoneStatus><Status>a&lt;b</Status>"
          "</PhoneStatus></Event>");
}
