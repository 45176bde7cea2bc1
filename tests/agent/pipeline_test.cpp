// From a document to its subscribers: validation, properties, filters, counters, lives, threads.
#include <atomic>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <thread>

#include "agent/harness/manual_clock.hpp"
#include "tests/agent/agent_fixture.hpp"

using namespace clacks;
using testing::Agent;
using testing::phone;

namespace {

class Throwing final : public Delivery {
  public:
    void deliver(const EventMessagePtr&) override { throw std::runtime_error("no room"); }
    DeliveryCounts counts() const override { return {}; }
};

SubscriptionInfo info(const Agent& agent, const Agent::Listener& listener) {
    for (const SubscriptionInfo& one : agent.pipeline.list()) {
        if (one.id == listener.subscription->id()) return one;
    }
    FAIL("the subscription is not listed");
    return {};
}

}  // namespace

TEST_CASE("an event reaches every subscription that wants it, as one message", "[pipeline]") {
    Agent agent;
    const auto all = agent.listen("");
    const auto busy = agent.listen("./e:Event/e:PhoneStatus/e:Status = 'busy'");
    const auto free = agent.listen("/e:Event/e:PhoneStatus/e:Status = 'free'");
    const auto other =
        agent.listen("declare namespace f='http://www.gonicus.de/Events'; exists(/f:Event/f:NodeLeave)");
    const std::string document = "<?xml version='1.0'?>\n<!-- kept -->" + phone("busy");
    const Published published = agent.publish(document);
    CHECK(published.matched == 2);
    REQUIRE(all.kept->size() == 1);
    REQUIRE(busy.kept->size() == 1);
    CHECK(free.kept->size() == 0);
    CHECK(other.kept->size() == 0);
    const EventMessagePtr message = all.kept->messages().front();
    CHECK(message == busy.kept->messages().front());
    CHECK(message->event->bytes == document);
    CHECK(message->event->name == "PhoneStatus");
    CHECK(message->message_id == published.id);
    CHECK(message->message_id.size() == 36);
    CHECK(message->user_id == "joe");
    CHECK(message->node == "node-1");
    CHECK(message->creation_time == agent.clock.wall());
    CHECK(agent.publish(phone("free")).id != published.id);
    CHECK(free.kept->size() == 1);
    CHECK(agent.counters.published == 2);
    CHECK(agent.pipeline.totals().matched == 4);
}

TEST_CASE("an invalid event goes nowhere and tells the place", "[pipeline]") {
    Agent agent;
    const auto all = agent.listen("");
    const auto published = agent.pipeline.publish(
        {"<Event xmlns=\"http://www.gonicus.de/Events\"><PhoneStatu/></Event>", "joe", {}, {}});
    REQUIRE_FALSE(published);
    CHECK(published.error().code == "event-unknown");
    CHECK(published.error().line == 1);
    CHECK(all.kept->size() == 0);
    CHECK(agent.counters.rejected == 1);
    CHECK(agent.counters.published == 0);
}

TEST_CASE("filters see the agent's words and the sender's", "[pipeline]") {
    Agent agent;
    const auto is = [&](const std::string& name, const std::string& value, Properties standard = {},
                        Properties application = {}) {
        return agent.wanted("declare variable $" + name + " external; $" + name + " = " + value,
                            std::move(standard), std::move(application));
    };
    CHECK(is("event", "'PhoneStatus'"));
    CHECK(is("node", "'node-1'"));
    CHECK(is("user-id", "'joe'"));
    CHECK(is("content-type", "'application/xml'"));
    CHECK(
        agent.wanted("declare variable $creation-time as xs:dateTime external; "
                     "string($creation-time) = '2023-11-14T22:13:20.123Z'"));
    CHECK(agent.wanted("declare variable $message-id external; string-length($message-id) = 36"));
    CHECK(is("subject", "'event'"));
    CHECK(is("subject", "'mine'", {{"subject", std::string("mine")}}));
    CHECK(is("user-id", "'joe'", {{"user-id", std::string("root")}}, {{"user-id", std::string("root")}}));
    CHECK(is("node", "'node-1'", {}, {{"node", std::string("liar")}}));
    CHECK(is("event", "'PhoneStatus'", {}, {{"event", std::string("liar")}}));
    CHECK(is("n", "42", {}, {{"n", std::int64_t{42}}}));
    CHECK(is("d", "1.5e0", {}, {{"d", 1.5}}));
    CHECK(is("b", "true()", {}, {{"b", true}}));
    CHECK(is("s", "'x'", {}, {{"s", std::string("x")}}));
    CHECK(agent.wanted("declare variable $t as xs:dateTime external; string($t) = '1970-01-01T00:00:01Z'", {},
                       {{"t", WallTime(std::chrono::seconds(1))}}));
    CHECK_FALSE(is("s", "'x'", {}, {{"s", std::string("y")}}));
    CHECK(agent.counters.filter_errors == 0);
}

TEST_CASE("variables that the message lacks", "[pipeline]") {
    Agent agent;
    CHECK(agent.wanted("declare variable $x external; empty($x)"));
    CHECK(agent.wanted("declare variable $x as xs:string? external; empty($x)"));
    CHECK(agent.wanted("declare variable $x as xs:integer external := 7; $x = 7"));
    CHECK(agent.counters.filter_errors == 0);
    const auto strict = agent.listen("declare variable $x as xs:integer external; true()");
    agent.publish(phone("busy"));
    CHECK(strict.kept->size() == 0);
    CHECK(agent.counters.filter_errors == 1);
    CHECK(info(agent, strict).last_error.find("$x") != std::string::npos);
    agent.publish(phone("busy"), {}, {{"x", std::int64_t{1}}});
    CHECK(strict.kept->size() == 1);
}

TEST_CASE("a variable of one event is not seen by the next", "[pipeline]") {
    Agent agent;
    const auto marked = agent.listen("declare variable $mark external; exists($mark)");
    agent.publish(phone("a"), {}, {{"mark", true}});
    agent.publish(phone("b"));
    CHECK(marked.kept->size() == 1);
}

TEST_CASE("a dynamic error is no match, counted and kept", "[pipeline]") {
    Agent agent;
    const auto wrong = agent.listen("xs:integer(//e:Status) = 1");
    const auto right = agent.listen("//e:Status = 'busy'");
    CHECK(agent.publish(phone("busy")).matched == 1);
    CHECK(agent.publish(phone("1")).matched == 1);
    CHECK(right.kept->size() == 1);
    CHECK(wrong.kept->size() == 1);
    const SubscriptionInfo seen = info(agent, wrong);
    CHECK(seen.evaluated == 2);
    CHECK(seen.counts.matched == 1);
    CHECK(seen.errors == 1);
    CHECK(seen.last_error.find("busy") != std::string::npos);
    CHECK(info(agent, right).errors == 0);
    CHECK(agent.counters.filter_errors == 1);
}

TEST_CASE("an endless filter is ended by its steps", "[pipeline]") {
    Agent agent;
    const auto endless = agent.listen("every $i in 1 to 100000000 satisfies $i > 0");
    CHECK(agent.publish(phone("busy")).matched == 0);
    CHECK(info(agent, endless).errors == 1);
}

TEST_CASE("a filter that cannot be used is refused with its place, and is not listed", "[pipeline]") {
    Agent agent;
    struct Row {
        std::string filter, code;
    };
    const Row rows[] = {{"./e:Event/", "XPST0003"},   {"   ", "XPST0003"},
                        {"$nowhere = 1", "XPST0008"}, {"x:y = 1", "XPST0081"},
                        {"cuont(/*)", "XPST0017"},    {"doc('file:///etc/passwd')", "outside-access"}};
    for (const auto& [filter, code] : rows) {
        INFO(filter);
        auto refused = agent.pipeline.subscribe({"user", "link", filter, std::make_shared<testing::Kept>()});
        REQUIRE_FALSE(refused);
        REQUIRE_FALSE(refused.error().empty());
        CHECK(refused.error().front().source == "filter");
        INFO(to_string(refused.error()));
        CHECK(refused.error().front().code == code);
        CHECK(refused.error().front().line == 1);
        CHECK_FALSE(agent.pipeline.check(filter).ok());
    }
    CHECK(agent.pipeline.check("true()").ok());
    CHECK(agent.counters.filters_refused == 6);
    CHECK(agent.pipeline.list().empty());
    CHECK_FALSE(agent.pipeline.check(std::string(64 * 1024, ' ') + "true()").ok());
}

TEST_CASE("a subscription lives as long as its handle", "[pipeline]") {
    Agent agent;
    auto first = agent.listen("true()");
    const auto second = agent.listen("true()");
    CHECK(agent.counters.subscriptions == 2);
    CHECK(first.subscription->id() < second.subscription->id());
    CHECK(agent.publish(phone("a")).matched == 2);
    first.subscription.reset();
    CHECK(agent.publish(phone("b")).matched == 1);
    CHECK(first.kept->size() == 1);
    CHECK(second.kept->size() == 2);
    CHECK(agent.counters.subscriptions == 1);
    REQUIRE(agent.pipeline.list().size() == 1);
    const SubscriptionInfo seen = agent.pipeline.list().front();
    CHECK(seen.id == second.subscription->id());
    CHECK(seen.owner == "user");
    CHECK(seen.link == "link");
    CHECK(seen.filter == "true()");
    CHECK(seen.since == agent.clock.wall());
    CHECK(seen.evaluated == 0);  // true() needs no evaluation
    CHECK(seen.counts.matched == 2);
    CHECK(seen.last_error.empty());
}

TEST_CASE("subscriptions with one filter end in any order, and the others stay", "[pipeline]") {
    Agent agent;
    std::vector<Agent::Listener> listeners;
    std::vector<std::size_t> wanted(6);
    for (std::size_t i = 0; i < wanted.size(); ++i) listeners.push_back(agent.listen("exists(//e:Status)"));
    for (const std::size_t ends : {2, 5, 0, 4, 3, 1}) {
        listeners[ends].subscription.reset();
        agent.publish(phone("busy"));
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            if (listeners[i].subscription) ++wanted[i];
            CHECK(listeners[i].kept->size() == wanted[i]);
        }
    }
    CHECK(agent.pipeline.list().empty());
}

TEST_CASE("the totals are those of all subscriptions, ended ones included", "[pipeline]") {
    Agent agent;
    const auto stays = agent.listen("");
    auto ends = agent.listen("");
    agent.publish(phone("a"));
    ends.subscription.reset();
    agent.publish(phone("b"));
    const DeliveryCounts totals = agent.pipeline.totals();
    CHECK(totals.matched == 3);
    CHECK(totals.delivered == 3);
    CHECK(totals.queued == 0);
    CHECK(totals.dropped() == 0);
}

TEST_CASE("a delivery that throws disturbs nobody", "[pipeline]") {
    Agent agent;
    auto broken = agent.pipeline.subscribe({"user", "broken", "", std::make_shared<Throwing>()});
    REQUIRE(broken);
    const auto listener = agent.listen("");
    CHECK(agent.publish(phone("a")).matched == 1);
    CHECK(listener.kept->size() == 1);
    const DeliveryCounts lost = agent.pipeline.list().front().counts;
    CHECK(lost.matched == 1);
    CHECK(lost.dropped(DropReason::failed) == 1);
    broken->reset();
    CHECK(agent.pipeline.totals().dropped() == 1);
}

TEST_CASE("a new catalogue judges the events that come after it", "[pipeline]") {
    Agent agent;
    const auto before = agent.pipeline.catalogue();
    auto loaded = events::Catalogue::load({CLACKS_SOURCE_DIR "/data/events"});
    REQUIRE(loaded);
    agent.pipeline.replace_catalogue(*loaded);
    CHECK(agent.pipeline.catalogue() == *loaded);
    CHECK(agent.pipeline.catalogue() != before);
    CHECK(agent.publish(phone("a")).matched == 0);
}

TEST_CASE("a filter that no event can match is refused, unless it is to wait for one", "[pipeline]") {
    Agent agent;
    const std::string filter = "./e:Event/e:PhoneStatus/e:Statsu = 'busy'";
    auto refused = agent.pipeline.subscribe({"user", "link", filter, std::make_shared<testing::Kept>()});
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().front().code == "filter-never");
    CHECK(agent.counters.filters_refused == 1);
    SubscriptionRequest request{"user", "link", filter, std::make_shared<testing::Kept>()};
    request.lenient = true;
    auto taken = agent.pipeline.subscribe(std::move(request));
    REQUIRE(taken.ok());
    CHECK(agent.pipeline.list().front().never.find("did you mean 'Status'") != std::string::npos);
    SubscriptionRequest own{"module m", "", filter, std::make_shared<testing::Kept>()};
    own.own = true;
    const auto of_a_module = agent.pipeline.subscribe(std::move(own));
    CHECK(of_a_module.ok());
}

TEST_CASE("a new catalogue judges the filters that are there, and what changed is told", "[pipeline]") {
    std::vector<std::string> told;
    Agent agent;
    Pipeline pipeline(
        testing::catalogue(),
        {.node = "node-1", .warn = [&](const char*, const std::string& text) { told.push_back(text); }},
        agent.access, agent.counters, agent.clock);
    SubscriptionRequest request{"user", "link", "./e:Event/e:Only", std::make_shared<testing::Kept>()};
    request.lenient = true;
    const auto later = pipeline.subscribe(std::move(request));
    const auto now =
        pipeline.subscribe({"user", "link", "./e:Event/e:PhoneStatus", std::make_shared<testing::Kept>()});
    REQUIRE(later.ok());
    REQUIRE(now.ok());
    REQUIRE(told.size() == 1);
    CHECK(told.back() ==
          "the filter of subscription 1 of user can match no event: filter:1:11: there is no event "
          "'Only'; 'clacks events' lists them");
    const std::string folder = std::filesystem::temp_directory_path() / "clacks-pipeline-only";
    std::filesystem::create_directories(folder);
    std::ofstream(folder + "/Only.xsd") << "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' "
                                           "targetNamespace='http://www.gonicus.de/Events'>"
                                           "<xs:element name='Only' type='xs:string'/></xs:schema>";
    const auto only = events::Catalogue::load({folder});
    std::filesystem::remove_all(folder);
    REQUIRE(only.ok());
    pipeline.replace_catalogue(*only);
    REQUIRE(told.size() == 3);
    CHECK(told.at(1).find("subscription 1 of user can match events again") != std::string::npos);
    CHECK(told.at(2).find(
              "subscription 2 of user can match no event: filter:1:11: there is no event 'PhoneStatus'") !=
          std::string::npos);
    CHECK(pipeline.list().at(0).never.empty());
    CHECK_FALSE(pipeline.list().at(1).never.empty());
    pipeline.replace_catalogue(*only);
    CHECK(told.size() == 3);
}

namespace {

// A pipeline in which the filters of a user may take so many steps a second.
struct Budgeted {
    explicit Budgeted(std::uint64_t steps)
        : pipeline(testing::catalogue(),
                   {.node = "node-1",
                    .steps_per_second = steps,
                    .warn = [this](const char*, const std::string& text) { told.push_back(text); }},
                   rights.access, rights.counters, clock) {}

    std::unique_ptr<Subscription> subscribe(const std::string& owner, const std::string& filter,
                                            bool own = false) {
        SubscriptionRequest request{owner, "link", filter, std::make_shared<testing::Kept>()};
        request.own = own;
        auto subscribed = pipeline.subscribe(std::move(request));
        REQUIRE(subscribed);
        return std::move(*subscribed);
    }
    std::size_t publish() {
        auto published = pipeline.publish({phone("busy"), "joe", {}, {}});
        REQUIRE(published);
        return published->matched;
    }

    std::vector<std::string> told;
    Agent rights;
    ManualClock clock;
    Pipeline pipeline;
};

// True of every PhoneStatus, after some two hundred steps.
const std::string kDear = "count(for $i in 1 to 100 return e:Event/e:PhoneStatus) = 100";

}  // namespace

TEST_CASE("what a user's filters take together in a second is bounded", "[pipeline][budget]") {
    Budgeted agent(150);
    const auto dear = agent.subscribe("greedy", kDear);
    const auto another = agent.subscribe("greedy", kDear + " or false()");
    const auto cheap = agent.subscribe("greedy", "./e:Event/e:PhoneStatus");
    const auto others = agent.subscribe("modest", "count(//e:Status) = 1");
    CHECK(agent.publish() == 3);  // one of the two dear ones is not asked, the index asks nobody
    CHECK(agent.publish() == 2);
    const auto left_out = [&] {
        return std::pair(agent.pipeline.list().at(0).errors, agent.pipeline.list().at(1).errors);
    };
    CHECK(agent.rights.counters.filters_left_out == 3);
    CHECK(left_out().first + left_out().second == 3);
    CHECK(agent.pipeline.list().at(0).last_error.find(
              "the filters of 'greedy' take more than 150 steps a second") != std::string::npos);
    CHECK(agent.pipeline.list().at(2).errors == 0);
    CHECK(agent.pipeline.list().at(3).errors == 0);
    REQUIRE(agent.told.size() == 1);
    CHECK(agent.told.front().find("filter-steps-per-second") != std::string::npos);

    agent.clock.advance(std::chrono::seconds(10));  // the debt is paid
    CHECK(agent.publish() == 3);
}

TEST_CASE("to subscribe anew fills no budget", "[pipeline][budget]") {
    Budgeted agent(150);
    auto dear = agent.subscribe("greedy", kDear);
    CHECK(agent.publish() == 1);
    dear.reset();
    for (int i = 0; i < 200; ++i) agent.subscribe("user " + std::to_string(i), "");
    dear = agent.subscribe("greedy", kDear);
    CHECK(agent.publish() == 0);
    agent.clock.advance(std::chrono::seconds(10));
    CHECK(agent.publish() == 1);
}

TEST_CASE("a filter that several have is asked as long as one of them can pay", "[pipeline][budget]") {
    Budgeted agent(150);
    const auto first = agent.subscribe("first", kDear);
    CHECK(agent.publish() == 1);
    CHECK(agent.publish() == 0);
    const auto second = agent.subscribe("second", kDear);
    CHECK(agent.publish() == 2);
    CHECK(agent.publish() == 0);
    const auto module = agent.subscribe("module m", kDear, true);
    CHECK(agent.publish() == 1);  // the agent's own are not bounded
    CHECK(agent.publish() == 1);
}

TEST_CASE("publishers and subscriptions on many threads", "[pipeline][threads]") {
    // Tells whether a delivery came after its subscription had ended.
    class Watching final : public Delivery {
      public:
        void deliver(const EventMessagePtr&) override {
            if (ended) ++late;
            ++seen;
        }
        DeliveryCounts counts() const override { return {}; }
        std::atomic<bool> ended{false};
        std::atomic<int> late{0};
        std::atomic<int> seen{0};
    };
    Agent agent;
    const auto steady = agent.listen("//e:Status = 'busy'");
    constexpr int kPublishers = 3;
    constexpr int kEvents = 200;
    std::atomic<int> running{kPublishers};
    std::atomic<int> failed{0};
    std::vector<std::thread> threads;
    threads.reserve(kPublishers);
    for (int p = 0; p < kPublishers; ++p) {
        threads.emplace_back([&] {
            for (int i = 0; i < kEvents; ++i) {
                if (!agent.pipeline.publish({phone(i % 2 == 0 ? "busy" : "free"), "joe", {}, {}})) ++failed;
            }
            --running;
        });
    }
    std::atomic<int> late{0};
    for (int s = 0; s < 2; ++s) {
        threads.emplace_back([&, s] {
            while (running > 0) {
                auto watching = std::make_shared<Watching>();
                auto subscribed =
                    agent.pipeline.subscribe({"user", "link", s == 0 ? "" : "//e:Status = 'busy'", watching});
                if (!subscribed) {
                    ++failed;
                    return;
                }
                static_cast<void>(agent.pipeline.list());
                subscribed->reset();
                watching->ended = true;
                late += watching->late;
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(failed == 0);
    CHECK(late == 0);
    CHECK(agent.counters.published == kPublishers * kEvents);
    CHECK(steady.kept->size() == kPublishers * kEvents / 2);
    CHECK(agent.counters.subscriptions == 1);
    CHECK(agent.counters.filter_errors == 0);
}

TEST_CASE("ending a subscription waits for its delivery under way", "[pipeline][threads]") {
    // Stays inside deliver() until the other thread is about to end the subscription.
    class Slow final : public Delivery {
      public:
        void deliver(const EventMessagePtr&) override {
            inside = true;
            while (!ending) std::this_thread::yield();
            for (int i = 0; i < 1000; ++i) std::this_thread::yield();
            done = true;
        }
        DeliveryCounts counts() const override { return {}; }
        std::atomic<bool> inside{false}, ending{false}, done{false};
    };
    Agent agent;
    auto slow = std::make_shared<Slow>();
    auto subscribed = agent.pipeline.subscribe({"user", "slow", "", slow});
    REQUIRE(subscribed);
    std::thread publisher([&] { static_cast<void>(agent.pipeline.publish({phone("a"), "joe", {}, {}})); });
    while (!slow->inside) std::this_thread::yield();
    slow->ending = true;
    subscribed->reset();
    const bool done = slow->done;
    publisher.join();
    CHECK(done);
}

TEST_CASE("subscriptions get what their owners may read, and the agent's own get all", "[pipeline]") {
    Agent agent;
    agent.access.replace(
        acl::Acl::parse("allow joe * x\nallow a,b {d}.event.PhoneStatus r\nallow c {d}.event.NodeLeave r\n",
                        "acl", "org.clacks")
            .value());
    const auto listen = [&](const std::string& owner, const std::string& filter, bool own) {
        Agent::Listener listener;
        auto subscribed = agent.pipeline.subscribe({owner, "link", filter, listener.kept, own});
        REQUIRE(subscribed);
        listener.subscription = std::move(*subscribed);
        return listener;
    };
    const auto a = listen("a", "", false), b = listen("b", "true()", false), c = listen("c", "", false);
    const auto module = listen("module m", "", true);
    // It fails on every event, and must tell c nothing of events that c may not read.
    const auto failing = listen("c", "exists(1 div count(()))", false);
    auto refused = agent.pipeline.subscribe({"module m", "link", "", std::make_shared<testing::Kept>()});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().front().code == "not-permitted");

    CHECK(agent.publish(phone("busy")).matched == 3);
    CHECK(a.kept->size() == 1);
    CHECK(b.kept->size() == 1);
    CHECK(c.kept->size() == 0);
    CHECK(module.kept->size() == 1);
    CHECK(info(agent, c).evaluated == 0);
    CHECK(info(agent, failing).errors == 0);

    agent.access.replace(
        acl::Acl::parse("allow joe * x\nallow b,c {d}.event.PhoneStatus r\n", "acl", "org.clacks").value());
    agent.pipeline.replace_catalogue(testing::catalogue());
    CHECK(agent.publish(phone("busy")).matched == 3);
    CHECK(a.kept->size() == 1);
    CHECK(b.kept->size() == 2);
    CHECK(c.kept->size() == 1);
    CHECK(info(agent, failing).errors == 1);
    CHECK(agent.pipeline.list().size() == 5);
    CHECK(agent.counters.subscriptions == 5);
}

TEST_CASE("an event that its user may not send goes nowhere and is counted", "[pipeline]") {
    Agent agent;
    const auto all = agent.listen("");
    agent.access.replace(acl::Acl::none("org.clacks"));
    const auto published = agent.pipeline.publish({phone("busy"), "joe", {}, {}});
    REQUIRE_FALSE(published);
    CHECK(published.error().code == "not-permitted");
    CHECK(all.kept->size() == 0);
    CHECK(agent.counters.rejected == 1);
    CHECK(agent.pipeline.publish({phone("busy"), "node-1", {}, {}, "node"}));
    CHECK(all.kept->size() == 1);
}
