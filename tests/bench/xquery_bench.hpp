// What the benchmarks of queries share: files, checks, and what an evaluation takes from the heap.
#pragma once

#include <benchmark/benchmark.h>

#include <cstdint>
#include <memory>
#include <string>

#include "common/xml/tree.hpp"
#include "common/xquery/xquery.hpp"

namespace clacks::bench {

// A file of tests/bench, or one with an absolute path.
std::string read_file(const std::string& path);
// Ends the program, so that nothing is timed that gives a wrong answer.
[[noreturn]] void give_up(const std::string& why);
std::shared_ptr<const xml::Tree> parse(const std::string& xml);
xquery::Query compile(const std::string& text, const xquery::Limits& limits = {});
// What the process has asked the heap for, by whatever name.
struct Heap {
    std::uint64_t allocations = 0;
    std::uint64_t bytes = 0;
};
Heap heap();

// What one evaluation takes, after the ones that warm up.
template <class Evaluate>
Heap heap_of(Evaluate evaluate) {
    for (int i = 0; i < 3; ++i) evaluate();
    const Heap before = heap();
    evaluate();
    return {heap().allocations - before.allocations, heap().bytes - before.bytes};
}
void show(benchmark::State& state, const Heap& taken);

// Times the compilation of a query that is known to compile.
void time_compile(benchmark::State& state, const std::string& text);

}  // namespace clacks::bench
