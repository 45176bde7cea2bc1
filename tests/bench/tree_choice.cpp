// The choice of the tree: bytes to tree, a path, and a string value, by our own immutable tree and by
// pugixml. pugixml's path compares names as written; ours are resolved to namespaces.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <pugixml.hpp>
#include <string>

#include "common/xml/parser.hpp"
#include "common/xquery/xquery.hpp"

using namespace clacks;

namespace {

constexpr const char* kQuery =
    "declare default element namespace 'urn:e'; string(/e/list/entry[key = 'k17'])";
constexpr const char* kXPath = "string(/e/list/entry[key = 'k17'])";
constexpr const char* kAnswer = "k17value of 17 with more words";

std::string document() {
    std::string xml = "<e xmlns='urn:e'><list>";
    for (int i = 0; i < 40; ++i) {
        const std::string n = std::to_string(i);
        xml.append("<entry id='").append(n).append("'><key>k").append(n).append("</key><text>value of ");
        xml.append(n).append(" <b>with</b> more words</text></entry>");
    }
    return xml + "</list></e>";
}

void check(bool right, const char* what) {
    if (right) return;
    std::fprintf(stderr, "tree_choice: a wrong answer: %s\n", what);
    std::exit(1);
}

void parse_own(benchmark::State& state) {
    const std::string bytes = document();
    check(xml::parse(bytes).ok(), "parse");
    for (auto _ : state) benchmark::DoNotOptimize(xml::parse(bytes));
}

void parse_pugixml(benchmark::State& state) {
    const std::string bytes = document();
    for (auto _ : state) {
        pugi::xml_document tree;
        check(static_cast<bool>(tree.load_buffer(bytes.data(), bytes.size(), pugi::parse_full)),
              "pugixml parse");
        benchmark::DoNotOptimize(tree.first_child());
    }
}

void path_own(benchmark::State& state) {
    const auto tree = *xml::parse(document());
    const auto query = xquery::Query::compile(kQuery);
    xquery::DynamicContext context;
    context.set_context_item(*tree);
    xquery::SerializationParameters text;
    text.method = "text";
    check(*query->evaluate(context)->serialize(text) == kAnswer, "path");
    for (auto _ : state) benchmark::DoNotOptimize(query->evaluate(context));
}

void path_pugixml(benchmark::State& state) {
    pugi::xml_document tree;
    tree.load_string(document().c_str(), pugi::parse_full);
    const pugi::xpath_query query(kXPath);
    check(query.evaluate_string(tree) == kAnswer, "pugixml path");
    for (auto _ : state) benchmark::DoNotOptimize(query.evaluate_string(tree));
}

void string_value_own(benchmark::State& state) {
    const auto tree = *xml::parse(document());
    check(tree->string_value(0).size() > 1000, "string value");
    for (auto _ : state) benchmark::DoNotOptimize(tree->string_value(0));
}

void string_value_pugixml(benchmark::State& state) {
    pugi::xml_document tree;
    tree.load_string(document().c_str(), pugi::parse_full);
    const pugi::xpath_query query("string(/)");
    check(query.evaluate_string(tree) == std::string((*xml::parse(document()))->string_value(0)),
          "pugixml string value");
    for (auto _ : state) benchmark::DoNotOptimize(query.evaluate_string(tree));
}

}  // namespace

// Ratios are to pugixml.
BENCHMARK(parse_pugixml)->Name("parse/pugixml");
BENCHMARK(parse_own)->Name("parse/own");
BENCHMARK(path_pugixml)->Name("path/pugixml");
BENCHMARK(path_own)->Name("path/own");
BENCHMARK(string_value_pugixml)->Name("string value/pugixml");
BENCHMARK(string_value_own)->Name("string value/own");
BENCHMARK_MAIN();
