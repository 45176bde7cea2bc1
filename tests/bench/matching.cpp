// What an event costs to match among N filters, of four kinds; what the filters take; what it costs that they
// come and go; and beside it the evaluation of one query after the other. Each event matches one filter;
// every answer is checked before it is timed.
#include <malloc.h>

#include <algorithm>
#include <functional>
#include <numeric>
#include <random>

#include "common/events/catalogue.hpp"
#include "common/matching/index.hpp"
#include "tests/bench/xquery_bench.hpp"

using namespace clacks;
using namespace clacks::xquery::analysis;

namespace {

constexpr std::size_t kEvents = 4096;  // different ones, so that the processor's caches are not told before
constexpr std::size_t kWarm = 64;      // events before anything is timed
constexpr std::size_t kResiduals = 1000;  // different queries of filters that are not indexable
constexpr std::size_t kMostOneByOne = 10'000;

Test field(const std::string& event, const std::string& name, Test::Kind kind) {
    const std::string uri(events::kNamespace);
    Test test;
    test.kind = kind;
    for (const std::string& local : {std::string("Event"), event, name})
        test.path.push_back({Step::Axis::child, uri, local, {}});
    return test;
}

Condition of(Test test) {
    Condition condition;
    condition.kind = Condition::Kind::test;
    condition.exactness = Exactness::exact_if_single;
    condition.test = std::move(test);
    return condition;
}

Condition equality(const std::string& name, const std::string& text) {
    Test test = field("PhoneStatus", name, Test::Kind::equal);
    test.literal = text;
    return of(std::move(test));
}

std::string caller(std::size_t i) {
    return "+49 2932 " + std::to_string(i);
}

// A filter as the index gets it, and as XQuery.
struct Filter {
    Condition condition;
    bool sufficient = true;
    std::string query;
};

Filter equal(std::size_t i) {
    return {equality("CallerId", caller(i)), true, "e:Event/e:PhoneStatus/e:CallerId = '" + caller(i) + "'"};
}

Filter range(std::size_t i) {
    Test test = field("NodeStatus", "Load", Test::Kind::within);
    test.low = {static_cast<double>(i), true};
    test.high = {static_cast<double>(i + 1), false};
    return {of(std::move(test)), true,
            "e:Event/e:NodeStatus[e:Load >= " + std::to_string(i) + " and e:Load < " + std::to_string(i + 1) +
                "]"};
}

// One of three states, and one caller of all: which of the two is the rare one, the index has to find.
Filter conjunction(std::size_t i) {
    Condition both;
    both.kind = Condition::Kind::all_of;
    both.parts = {equality("Status", "busy"), equality("CallerId", caller(i))};
    return {std::move(both), true,
            "e:Event/e:PhoneStatus[e:Status = 'busy' and e:CallerId = '" + caller(i) + "']"};
}

// Each tenth says nothing that could be looked up, and is evaluated for each event.
Filter mixed(std::size_t i) {
    if (i % 10 != 9) return equal(i);
    return {{},
            false,
            "string-length(e:Event/e:PhoneStatus/e:CallerId) = " + std::to_string(100 + i % kResiduals)};
}

struct Kind {
    const char* name;
    Filter (*filter)(std::size_t);
    const char* event;
};
const Kind kKinds[] = {{"equality", equal, "PhoneStatus"},
                       {"range", range, "NodeStatus"},
                       {"conjunction", conjunction, "PhoneStatus"},
                       {"mixed", mixed, "PhoneStatus"}};

const events::Catalogue& catalogue() {
    static const auto loaded = events::Catalogue::load({CLACKS_SOURCE_DIR "/data/events"});
    if (!loaded) bench::give_up(to_string(loaded.error()));
    return **loaded;
}

// The event that the filter of this number wants.
std::string document(const Kind& kind, std::size_t i) {
    const std::string content =
        kind.event == std::string("NodeStatus")
            ? "<Load>" + std::to_string(i) + ".5</Load><Latency>0.01</Latency><Workers>2</Workers><Id>n1</Id>"
            : "<CallerId>" + caller(i) +
                  "</CallerId><ReceiverId>+49 2932 916 245</ReceiverId><Status>busy</Status>";
    return "<Event xmlns=\"" + std::string(events::kNamespace) + "\"><" + kind.event + ">" + content + "</" +
           kind.event + "></Event>";
}

xquery::Query compile(const std::string& text) {
    xquery::CompileOptions options;
    options.namespaces = {{"e", std::string(events::kNamespace)}};
    auto query = xquery::Query::compile(text, options);
    if (!query) bench::give_up(to_string(query.error()));
    return std::move(*query);
}

double held_by_heap() {
    const struct mallinfo2 info = mallinfo2();
    return static_cast<double>(info.uordblks + info.hblkhd);
}

double processor_microseconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) * 1e-3;
}

// N filters of one kind in an index, and events that each want one of them.
class Subscriptions {
  public:
    Subscriptions(const Kind& kind, std::size_t n) : kind_(kind), n_(n), ids_(n) {
        insert_all();
        make_events();
        check();
    }

    std::size_t match(const events::Event& event) {
        candidates_.clear();
        index_.candidates(event, scratch_, candidates_);
        std::size_t matched = 0;
        for (const matching::Candidate& candidate : candidates_)
            matched += candidate.decided || evaluates(candidate.filter, event) ? 1 : 0;
        return matched;
    }

    void replace(std::size_t i) {
        index_.remove(ids_[i]);
        const Filter filter = kind_.filter(i);
        ids_[i] = insert(filter);
    }

    const std::vector<events::EventPtr>& events() const { return events_; }
    std::size_t size() const { return n_; }
    void show(benchmark::State& state) const {
        state.counters["bytes_a_filter"] = bytes_;
        state.counters["inserts_per_second"] = inserts_;
        state.counters["longest_insert_us"] = longest_;
    }

  private:
    matching::FilterId insert(const Filter& filter) {
        const std::string events[] = {kind_.event};
        const auto id = index_.insert(events, filter.condition, filter.sufficient);
        if (query_of_.size() <= id) query_of_.resize(id + 1);
        return id;
    }

    void insert_all() {
        const double before = held_by_heap();
        double took = 0;
        for (std::size_t i = 0; i < n_; ++i) {
            const Filter filter = kind_.filter(i);
            const std::string events[] = {kind_.event};
            const double begin = processor_microseconds();
            ids_[i] = index_.insert(events, filter.condition, filter.sufficient);
            const double one = processor_microseconds() - begin;
            took += one;
            longest_ = std::max(longest_, one);
        }
        bytes_ = (held_by_heap() - before) / static_cast<double>(n_);
        inserts_ = static_cast<double>(n_) / took * 1e6;
        query_of_.resize(n_);
        for (std::size_t i = 0; i < n_; ++i) {
            const Filter filter = kind_.filter(i);
            if (filter.sufficient) continue;
            const std::size_t number = i / 10 % (kResiduals / 10);
            if (queries_.size() <= number) queries_.push_back(compile(filter.query));
            query_of_[ids_[i]] = number;
        }
    }

    void make_events() {
        std::mt19937 random(42);
        for (std::size_t i = 0; i < kEvents; ++i) {
            std::size_t wanted = random() % n_;
            while (kind_.filter == mixed && wanted % 10 == 9) wanted = random() % n_;
            auto event = catalogue().parse(document(kind_, wanted));
            if (!event) bench::give_up(to_string(event.error()));
            events_.push_back(std::move(*event));
            wanted_.push_back(ids_[wanted]);
        }
    }

    void check() {
        for (std::size_t i = 0; i < kWarm; ++i) {
            if (match(*events_[i]) != 1)
                bench::give_up(std::string(kind_.name) + ": an event matches not one filter");
            const auto wanted = [&](const auto& candidate) { return candidate.filter == wanted_[i]; };
            if (std::none_of(candidates_.begin(), candidates_.end(), wanted))
                bench::give_up(std::string(kind_.name) + ": an event matches the wrong filter");
        }
    }

    bool evaluates(matching::FilterId filter, const events::Event& event) {
        context_.set_context_item(*event.tree);
        return queries_[query_of_[filter]].matches(context_).value();
    }

    const Kind& kind_;
    std::size_t n_;
    matching::Index index_;
    matching::Scratch scratch_;
    std::vector<matching::Candidate> candidates_;
    std::vector<matching::FilterId> ids_;
    std::vector<xquery::Query> queries_;
    std::vector<std::size_t> query_of_;  // by filter
    xquery::DynamicContext context_;
    std::vector<events::EventPtr> events_;
    std::vector<matching::FilterId> wanted_;
    double bytes_ = 0, inserts_ = 0, longest_ = 0;
};

// The last one asked for, as each is asked for several times in turn.
Subscriptions& subscriptions(const Kind& kind, std::size_t n) {
    static std::unique_ptr<Subscriptions> made;
    static std::pair<const char*, std::size_t> what;
    if (!made || what != std::pair(kind.name, n)) {
        made.reset();
        malloc_trim(0);
        made = std::make_unique<Subscriptions>(kind, n);
        what = {kind.name, n};
    }
    return *made;
}

// Each event in turn: `one(event)`.
void each_event(benchmark::State& state, Subscriptions& among,
                const std::function<void(const events::Event&)>& one) {
    std::size_t i = 0;
    for (auto _ : state) one(*among.events()[i++ % kEvents]);
}

void match(benchmark::State& state, const Kind& kind, std::size_t n) {
    Subscriptions& among = subscriptions(kind, n);
    const auto one = [&](const events::Event& event) { benchmark::DoNotOptimize(among.match(event)); };
    for (std::size_t i = 0; i < kWarm; ++i) one(*among.events()[i]);
    const bench::Heap taken = bench::heap_of([&] { one(*among.events().front()); });
    if (taken.allocations != 0)
        bench::give_up(std::string(kind.name) + ": matching takes memory from the heap");
    each_event(state, among, one);
    among.show(state);
}

// The whole way of an event from its bytes: validated, and matched.
void parse_and_match(benchmark::State& state, const Kind& kind, std::size_t n) {
    Subscriptions& among = subscriptions(kind, n);
    each_event(state, among, [&](const events::Event& event) {
        benchmark::DoNotOptimize(among.match(**catalogue().parse(event.bytes)));
    });
}

// A filter goes and another one comes.
void replace(benchmark::State& state, const Kind& kind, std::size_t n) {
    Subscriptions& among = subscriptions(kind, n);
    std::mt19937 random(7);
    for (auto _ : state) among.replace(random() % n);
}

void one_by_one(benchmark::State& state, const Kind& kind, std::size_t n) {
    Subscriptions& among = subscriptions(kind, n);
    std::vector<xquery::Query> queries;
    for (std::size_t i = 0; i < n; ++i) queries.push_back(compile(kind.filter(i).query));
    xquery::DynamicContext context;
    const auto one = [&](const events::Event& event) {
        context.set_context_item(*event.tree);
        return std::count_if(queries.begin(), queries.end(),
                             [&](const xquery::Query& query) { return query.matches(context).value(); });
    };
    for (std::size_t i = 0; i < 3; ++i)
        if (one(*among.events()[i]) != 1) bench::give_up(std::string(kind.name) + ": not one query is true");
    std::size_t i = 0;
    for (auto _ : state) benchmark::DoNotOptimize(one(*among.events()[i++ % kEvents]));
}

}  // namespace

int main(int argc, char** argv) {
    for (const Kind& kind : kKinds)
        for (std::size_t n = 1; n <= 1'000'000; n *= 10) {
            const auto name = [&](const char* what) {
                std::string whole = kind.name;
                whole.append("/").append(what).append("/").append(std::to_string(n));
                return whole;
            };
            benchmark::RegisterBenchmark(name("match").c_str(), match, kind, n);
            benchmark::RegisterBenchmark(name("parse and match").c_str(), parse_and_match, kind, n);
            benchmark::RegisterBenchmark(name("replace").c_str(), replace, kind, n);
            if (n <= kMostOneByOne)
                benchmark::RegisterBenchmark(name("one by one").c_str(), one_by_one, kind, n)
                    ->Unit(benchmark::kMicrosecond);
        }
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
