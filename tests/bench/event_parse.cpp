// What it costs to turn an event's bytes into a validated tree, beside the same without validation.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "common/events/catalogue.hpp"

using namespace clacks;

namespace {

[[noreturn]] void give_up(const std::string& why) {
    std::fprintf(stderr, "event_parse: %s\n", why.c_str());
    std::exit(1);
}

std::string example(const std::string& name) {
    std::ifstream file(std::string(CLACKS_SOURCE_DIR) + "/data/events/examples/" + name + ".xml",
                       std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    if (text.str().empty()) give_up("no example of " + name);
    return text.str();
}

const events::Catalogue& catalogue() {
    static const events::CataloguePtr loaded = [] {
        auto result = events::Catalogue::load({std::string(CLACKS_SOURCE_DIR) + "/data/events"});
        if (!result) give_up(to_string(result.error()));
        return *result;
    }();
    return *loaded;
}

void well_formed(benchmark::State& state, const std::string& name) {
    const std::string bytes = example(name);
    if (!xml::parse(bytes)) give_up(name + " is not well-formed");
    for (auto _ : state) benchmark::DoNotOptimize(xml::parse(bytes));
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * bytes.size()));
}

void validated(benchmark::State& state, const std::string& name) {
    const std::string bytes = example(name);
    auto event = catalogue().parse(bytes);
    if (!event || (*event)->name != name) give_up(name + " is not valid");
    for (auto _ : state) benchmark::DoNotOptimize(catalogue().parse(bytes));
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * bytes.size()));
}

void refused(benchmark::State& state) {
    const std::string bytes =
        "<Event "
        "xmlns='http://www.gonicus.de/Events'><PhoneStatus><CallerId>1</CallerId></PhoneStatus></Event>";
    if (catalogue().parse(bytes).ok()) give_up("an invalid event passed");
    for (auto _ : state) benchmark::DoNotOptimize(catalogue().parse(bytes));
}

}  // namespace

BENCHMARK_CAPTURE(well_formed, PhoneStatus, "PhoneStatus");
BENCHMARK_CAPTURE(validated, PhoneStatus, "PhoneStatus");
BENCHMARK_CAPTURE(well_formed, PuppetReport, "PuppetReport");
BENCHMARK_CAPTURE(validated, PuppetReport, "PuppetReport");
BENCHMARK(refused);
BENCHMARK_MAIN();
