// What filters cost: to compile, and to match against the event that they are meant for; beside them what
// pugixml's XPath 1.0 takes for the same question, asked by names without namespaces. Every answer is checked
// before it is timed.
#include <pugixml.hpp>

#include "tests/bench/xquery_bench.hpp"

using namespace clacks;

namespace {

struct Filter {
    const char* name;   // of its file in filters/
    const char* event;  // that it matches
    const char* other;  // that it does not match
    const char* xpath;  // the same in XPath 1.0, where that can say it
    bool allocates;     // may take memory from the heap though it is warm
};
constexpr Filter kFilters[] = {
    {"A", "small", "large", "./Event/PhoneStatus", false},
    {"B", "small", "large", "./Event/PhoneStatus/CallerId = '0291234567'", false},
    {"C", "small", "large",
     "./Event/PhoneStatus[(Status = 'busy' or Status = 'ringing') and number(CallerId) > 1000]", false},
    {"D", "large", "small",
     "./Event/NodeCapabilities/NodeMethod[starts-with(Name, 'get') and QueueRequired = 'true']", false},
    {"E", "small", "large",
     "starts-with(./Event/PhoneStatus/CallerId, '029') and string-length(./Event/PhoneStatus/CallerId) > 3 "
     "and translate(./Event/PhoneStatus/CallerId, '0123456789', '') = ''",
     false},
    {"F", "large", "small",
     "count(./Event/NodeCapabilities/NodeMethod[contains(Documentation, 'event')]) > 3", false},
    {"join", "large", "small", nullptr, false},
    {"strings", "large", "small", nullptr, true},
};

std::string text_of(const Filter& filter) {
    return bench::read_file(std::string("filters/") + filter.name + ".xq");
}

std::string event(const char* name) {
    return bench::read_file(std::string("filters/") + name + ".xml");
}

void check(bool verdict, bool wanted, const Filter& filter, const char* by) {
    if (verdict != wanted)
        bench::give_up(std::string("filter ") + filter.name + " is " + (verdict ? "true" : "false") + " by " +
                       by + " for the event that it is not meant for, or the other way round");
}

bool matches(const xquery::Query& query, xquery::DynamicContext& context) {
    const auto verdict = query.matches(context);
    if (!verdict) bench::give_up(to_string(verdict.error()));
    return *verdict;
}

void evaluate(benchmark::State& state, const Filter& filter) {
    const auto wanted = bench::parse(event(filter.event));
    const auto other = bench::parse(event(filter.other));
    const xquery::Query query = bench::compile(text_of(filter));
    xquery::DynamicContext context;
    context.set_context_item(*other);
    check(matches(query, context), false, filter, "clacks");
    context.set_context_item(*wanted);
    check(matches(query, context), true, filter, "clacks");
    const bench::Heap taken = bench::heap_of([&] { matches(query, context); });
    if (taken.bytes != 0 && !filter.allocates)
        bench::give_up(std::string("filter ") + filter.name + " allocates " + std::to_string(taken.bytes) +
                       " bytes");
    for (auto _ : state) benchmark::DoNotOptimize(query.matches(context));
    bench::show(state, taken);
    state.counters["steps"] = static_cast<double>(context.steps_used());
}

void evaluate_xpath(benchmark::State& state, const Filter& filter) {
    pugi::xml_document wanted, other;
    wanted.load_string(event(filter.event).c_str());
    other.load_string(event(filter.other).c_str());
    const pugi::xpath_query query(filter.xpath);
    check(query.evaluate_boolean(other), false, filter, "pugixml");
    check(query.evaluate_boolean(wanted), true, filter, "pugixml");
    for (auto _ : state) benchmark::DoNotOptimize(query.evaluate_boolean(wanted));
}

void compile_xpath(benchmark::State& state, const Filter& filter) {
    for (auto _ : state) benchmark::DoNotOptimize(pugi::xpath_query(filter.xpath));
}

}  // namespace

int main(int argc, char** argv) {
    for (const Filter& filter : kFilters) {
        const std::string compiling = std::string("compile ") + filter.name + "/";
        const std::string evaluating = std::string("evaluate ") + filter.name + "/";
        benchmark::RegisterBenchmark((compiling + "clacks").c_str(), bench::time_compile, text_of(filter));
        benchmark::RegisterBenchmark((evaluating + "clacks").c_str(), evaluate, filter);
        if (filter.xpath == nullptr) continue;
        benchmark::RegisterBenchmark((compiling + "pugixml").c_str(), compile_xpath, filter);
        benchmark::RegisterBenchmark((evaluating + "pugixml").c_str(), evaluate_xpath, filter);
    }
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
