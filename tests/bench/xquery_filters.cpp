// What six filters cost: to compile, and to match against the event that they are meant for. Every
// answer is checked before it is timed.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "common/xml/parser.hpp"
#include "common/xquery/xquery.hpp"

using namespace clacks;

namespace {

constexpr const char* kProlog = "declare namespace f='http://www.gonicus.de/Events'; ";

struct Filter {
    const char* name;
    const char* text;
    bool large;
};
// One of each kind that subscribers write: is it there, a value, a predicate, a search, text, a count.
constexpr Filter kFilters[] = {
    {"path", "let $e := ./f:Event return $e/f:PhoneStatus", false},
    {"value", "let $e := ./f:Event return $e/f:PhoneStatus/f:CallerId = '0291234567'", false},
    {"predicate", "./f:Event/f:PhoneStatus[f:Status = ('busy','ringing') and number(f:CallerId) > 1000]",
     false},
    {"some",
     "some $m in ./f:Event/f:NodeCapabilities/f:NodeMethod "
     "satisfies starts-with($m/f:Name, 'get') and $m/f:QueueRequired = 'true'",
     true},
    {"text",
     "starts-with(./f:Event/f:PhoneStatus/f:CallerId, '029') and "
     "string-length(./f:Event/f:PhoneStatus/f:CallerId) > 3",
     false},
    {"count",
     "count(for $m in ./f:Event/f:NodeCapabilities/f:NodeMethod "
     "where contains($m/f:Documentation, 'event') order by $m/f:Name return $m) > 3",
     true},
};

[[noreturn]] void give_up(const std::string& why) {
    std::fprintf(stderr, "xquery_filters: %s\n", why.c_str());
    std::exit(1);
}

std::string small_event() {
    return "<Event xmlns='http://www.gonicus.de/Events'><PhoneStatus><CallerId>0291234567</CallerId>"
           "<ReceiverId>0123456789</ReceiverId><Status>busy</Status></PhoneStatus></Event>";
}

// Twenty methods; the thirteenth is the first that answers the filter "some".
std::string large_event() {
    std::string xml = "<Event xmlns='http://www.gonicus.de/Events'><NodeCapabilities><Id>node</Id>";
    for (int i = 0; i < 20; ++i) {
        const std::string name =
            (i % 6 == 0 && i > 0 ? "get" : "set") + std::string("Property") + std::to_string(i);
        xml +=
            "<NodeMethod><Name>" + name + "</Name><Path>ObjectIndex." + name +
            "</Path><Target>core</Target><Signature>(s,s)s</Signature><Type>NORMAL</Type><QueueRequired>" +
            (i % 12 == 0 ? "true" : "false") + "</QueueRequired><Documentation>" +
            (i % 4 == 1 ? "Send the event to everyone who listens. " : "Return the value of the property. ") +
            "The manual of the module tells more.</Documentation></NodeMethod>";
    }
    return xml + "</NodeCapabilities></Event>";
}

std::shared_ptr<const xml::Tree> parsed(const std::string& bytes) {
    auto tree = xml::parse(bytes);
    if (!tree) give_up(to_string(tree.error()));
    return *tree;
}

xquery::Query compiled(const Filter& filter) {
    auto query = xquery::Query::compile(std::string(kProlog) + filter.text);
    if (!query) give_up(to_string(query.error()));
    return *query;
}

void compile(benchmark::State& state, const Filter& filter) {
    const std::string text = std::string(kProlog) + filter.text;
    compiled(filter);
    for (auto _ : state) benchmark::DoNotOptimize(xquery::Query::compile(text));
}

void match(benchmark::State& state, const Filter& filter) {
    const auto wanted = parsed(filter.large ? large_event() : small_event());
    const auto other = parsed(filter.large ? small_event() : large_event());
    const xquery::Query query = compiled(filter);
    xquery::DynamicContext context;
    context.set_context_item(*other);
    const auto no = query.matches(context);
    if (!no.ok() || *no) give_up(std::string(filter.name) + " matches the other event");
    context.set_context_item(*wanted);
    const auto yes = query.matches(context);
    if (!yes.ok() || !*yes) give_up(std::string(filter.name) + " does not match its event");
    for (auto _ : state) benchmark::DoNotOptimize(query.matches(context));
    state.counters["steps"] = static_cast<double>(context.steps_used());
}

}  // namespace

int main(int argc, char** argv) {
    for (const Filter& filter : kFilters) {
        benchmark::RegisterBenchmark((std::string("compile/") + filter.name).c_str(), compile, filter);
        benchmark::RegisterBenchmark((std::string("match/") + filter.name).c_str(), match, filter);
    }
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
