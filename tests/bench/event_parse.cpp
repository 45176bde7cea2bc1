// What it costs to turn an event's bytes into a validated tree, against xerces-c's own SAX2 reader that
// validates the same bytes with a grammar pool of the same definitions and hands its events to nobody;
// and beside them a tree without validation.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <xercesc/framework/MemBufInputSource.hpp>
#include <xercesc/framework/XMLGrammarPool.hpp>
#include <xercesc/parsers/SAX2XMLReaderImpl.hpp>
#include <xercesc/sax2/DefaultHandler.hpp>

#include "common/events/catalogue.hpp"
#include "common/events/schema.hpp"
#include "common/xml/tree_reader.hpp"

using namespace clacks;

namespace {

const std::string kEvents = std::string(CLACKS_SOURCE_DIR) + "/data/events";
// A telephone's usual event, of 200 bytes.
constexpr const char* kPhoneStatus =
    "<Event xmlns=\"http://www.gonicus.de/Events\"><PhoneStatus><CallerId>+49 2932 916 0</CallerId>"
    "<ReceiverId>+49 2932 916 245</ReceiverId><Status>busy, called back</Status></PhoneStatus></Event>";

[[noreturn]] void give_up(const std::string& why) {
    std::fprintf(stderr, "event_parse: %s\n", why.c_str());
    std::exit(1);
}

std::string example(const std::string& name) {
    if (name == "PhoneStatus") return kPhoneStatus;
    std::ifstream file(kEvents + "/examples/" + name + ".xml", std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    if (text.str().empty()) give_up("no example of " + name);
    return text.str();
}

const events::Catalogue& catalogue() {
    static const events::CataloguePtr loaded = [] {
        auto result = events::Catalogue::load({kEvents});
        if (!result) give_up(to_string(result.error()));
        return *result;
    }();
    return *loaded;
}

const events::Schema& schema() {
    static const events::Schema compiled = [] {
        Diagnostics problems;
        auto result = events::compile(events::read_schema_files({kEvents}, problems));
        if (!result || !problems.empty()) give_up("the event definitions do not compile");
        return std::move(*result);
    }();
    return compiled;
}

// Counts elements, so that a parse can be seen to have happened.
class Counting : public xercesc::DefaultHandler {
  public:
    std::size_t elements = 0, errors = 0;
    void startElement(const XMLCh*, const XMLCh*, const XMLCh*, const xercesc::Attributes&) override {
        ++elements;
    }
    void error(const xercesc::SAXParseException&) override { ++errors; }
    void fatalError(const xercesc::SAXParseException&) override { ++errors; }
};

std::size_t elements_of(const xml::Tree& tree) {
    std::size_t elements = 0;
    for (xml::NodeIndex i = 0; i < tree.size(); ++i) elements += tree.kind(i) == xml::NodeKind::element;
    return elements;
}

void xerces_sax2(benchmark::State& state, const std::string& name) {
    using namespace xercesc;
    const std::string bytes = example(name);
    const auto event = catalogue().parse(bytes);
    if (!event) give_up(to_string(event.error()));
    SAX2XMLReaderImpl reader(XMLPlatformUtils::fgMemoryManager, schema().pool.get());
    reader.setFeature(XMLUni::fgSAX2CoreValidation, true);
    reader.setFeature(XMLUni::fgXercesDynamic, false);
    reader.setFeature(XMLUni::fgXercesSchema, true);
    reader.setFeature(XMLUni::fgXercesUseCachedGrammarInParse, true);
    reader.setFeature(XMLUni::fgXercesLoadSchema, false);
    Counting counting;
    reader.setContentHandler(&counting);
    reader.setErrorHandler(&counting);
    MemBufInputSource source(reinterpret_cast<const XMLByte*>(bytes.data()), bytes.size(), "event");
    source.setCopyBufToStream(false);
    reader.parse(source);
    if (counting.errors > 0 || counting.elements != elements_of(*(*event)->tree))
        give_up("xerces-c reads " + name + " differently");
    for (auto _ : state) reader.parse(source);
    if (counting.errors > 0) give_up("xerces-c refused " + name + " later on");
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * bytes.size()));
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

int main(int argc, char** argv) {
    for (const std::string name : {"PhoneStatus", "PuppetReport"}) {
        benchmark::RegisterBenchmark((name + "/xerces-c SAX2, validated").c_str(), xerces_sax2, name);
        benchmark::RegisterBenchmark((name + "/tree, validated").c_str(), validated, name);
        benchmark::RegisterBenchmark((name + "/tree, not validated").c_str(), well_formed, name);
    }
    benchmark::RegisterBenchmark("refused", refused);
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
