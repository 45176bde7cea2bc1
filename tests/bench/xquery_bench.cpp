#include "tests/bench/xquery_bench.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "common/xml/parser.hpp"

// All of the heap goes by these names, whoever asks for it: operator new, ICU, RE2. Behind them are glibc's
// own.
extern "C" {
// NOLINTBEGIN(bugprone-reserved-identifier)
void* __libc_malloc(std::size_t bytes);
void* __libc_calloc(std::size_t n, std::size_t bytes);
void* __libc_realloc(void* memory, std::size_t bytes);
void* __libc_memalign(std::size_t alignment, std::size_t bytes);
// NOLINTEND(bugprone-reserved-identifier)
}

namespace {

clacks::bench::Heap g_heap;  // these programs have one thread

void count(std::size_t bytes) {
    ++g_heap.allocations;
    g_heap.bytes += bytes;
}

}  // namespace

extern "C" {

void* malloc(std::size_t bytes) {
    count(bytes);
    return __libc_malloc(bytes);
}

void* calloc(std::size_t n, std::size_t bytes) {
    count(n * bytes);
    return __libc_calloc(n, bytes);
}

void* realloc(void* memory, std::size_t bytes) {
    count(bytes);
    return __libc_realloc(memory, bytes);
}

void* aligned_alloc(std::size_t alignment, std::size_t bytes) {
    count(bytes);
    return __libc_memalign(alignment, bytes);
}

int posix_memalign(void** memory, std::size_t alignment, std::size_t bytes) {
    count(bytes);
    *memory = __libc_memalign(alignment, bytes);
    return *memory == nullptr ? ENOMEM : 0;
}
}

namespace clacks::bench {

std::string read_file(const std::string& path) {
    const std::filesystem::path folder(CLACKS_SOURCE_DIR "/tests/bench");
    std::ifstream file(folder / path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    if (!file || text.empty()) give_up(path + " cannot be read");
    return text;
}

void give_up(const std::string& why) {
    std::fprintf(stderr, "benchmark: %s\n", why.c_str());
    std::exit(1);
}

std::shared_ptr<const xml::Tree> parse(const std::string& xml) {
    xml::ParseLimits limits;
    limits.bytes = std::size_t{16} << 20;
    auto tree = xml::parse(xml, limits);
    if (!tree) give_up(to_string(tree.error()));
    return *tree;
}

xquery::Query compile(const std::string& text, const xquery::Limits& limits) {
    xquery::CompileOptions options;
    options.limits = limits;
    auto query = xquery::Query::compile(text, options);
    if (!query) give_up(to_string(query.error()));
    return *query;
}

Heap heap() {
    return g_heap;
}

void show(benchmark::State& state, const Heap& taken) {
    state.counters["allocations"] = static_cast<double>(taken.allocations);
    state.counters["bytes"] = static_cast<double>(taken.bytes);
}

void time_compile(benchmark::State& state, const std::string& text) {
    show(state, heap_of([&] { compile(text); }));
    for (auto _ : state) benchmark::DoNotOptimize(xquery::Query::compile(text));
}

}  // namespace clacks::bench
