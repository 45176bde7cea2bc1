// XMark's queries 1 to 20 on the auction document of the W3C suite QT3, where its archive lies beside the
// project: to compile, and to evaluate with all that they construct. The results are compared with the
// suite's.
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "tests/bench/xquery_bench.hpp"

using namespace clacks;

namespace {

namespace fs = std::filesystem;

constexpr int kQueries = 20;

// The suite's folder app/XMark, for as long as the program runs.
class Suite {
  public:
    explicit Suite(const fs::path& archive) {
        std::string folder = (fs::temp_directory_path() / "xmark-XXXXXX").string();
        if (mkdtemp(folder.data()) == nullptr) bench::give_up("there is no folder for temporary files");
        folder_ = folder;
        const std::string command = "tar -xJf '" + archive.string() + "' -C '" + folder +
                                    "' --strip-components=1 --wildcards '*/app/XMark/*'";
        if (std::system(command.c_str()) != 0) bench::give_up(archive.string() + " cannot be unpacked");
    }
    ~Suite() {
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
    }
    Suite(const Suite&) = delete;
    Suite& operator=(const Suite&) = delete;
    std::string file(const std::string& name) const {
        return bench::read_file((folder_ / "app/XMark" / name).string());
    }

  private:
    fs::path folder_;
};

std::string text_of(int number) {
    const std::string two_digits = (number < 10 ? "0" : "") + std::to_string(number);
    return bench::read_file("xmark/" + two_digits + ".xq");
}

xquery::Limits limits() {
    xquery::Limits wide;
    wide.steps = 1'000'000'000;
    wide.memory = std::size_t{1} << 30;
    return wide;
}

xquery::Sequence evaluate(const xquery::Query& query, xquery::DynamicContext& context) {
    auto result = query.evaluate(context);
    if (!result) bench::give_up(to_string(result.error()));
    return *result;
}

// Whether a result has the content of the element that the suite tells, which has a name of its own.
bool is_as_told(const xquery::Sequence& result, const xml::Tree& told) {
    const xquery::Query compare =
        bench::compile("declare variable $result external; deep-equal($result/node(), /*/node())", limits());
    xquery::DynamicContext context(limits());
    context.bind("result", result);
    context.set_context_item(told);
    const auto verdict = compare.matches(context);
    if (!verdict) bench::give_up(to_string(verdict.error()));
    return *verdict;
}

void time_query(benchmark::State& state, int number, const xml::Tree& auctions, const std::string& expected) {
    const xquery::Query query = bench::compile(text_of(number), limits());
    xquery::DynamicContext context(limits());
    context.set_context_item(auctions);
    if (!is_as_told(evaluate(query, context), *bench::parse(expected)))
        bench::give_up("query " + std::to_string(number) + " gives another result than the suite tells");
    bench::show(state, bench::heap_of([&] { evaluate(query, context); }));
    for (auto _ : state) benchmark::DoNotOptimize(query.evaluate(context));
}

}  // namespace

int main(int argc, char** argv) {
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
    const fs::path archive = fs::path(CLACKS_SOURCE_DIR) / "../shared/qt3-dev.tar.xz";
    if (!fs::exists(archive)) {
        std::fprintf(stderr,
                     "skipped: the suite is not at hand (%s in a folder shared/ beside the project)\n",
                     archive.filename().c_str());
        return 77;
    }
    const Suite suite(archive);
    const auto auctions = bench::parse(suite.file("XMarkAuction.xml"));
    for (int number = 1; number <= kQueries; ++number) {
        const std::string name = "XMark " + std::to_string(number);
        benchmark::RegisterBenchmark(("compile " + name + "/clacks").c_str(), bench::time_compile,
                                     text_of(number));
        benchmark::RegisterBenchmark(
            ("evaluate " + name + "/clacks").c_str(),
            [number, &auctions, expected = suite.file("XMark-Q" + std::to_string(number) + ".xml")](
                benchmark::State& state) { time_query(state, number, *auctions, expected); })
            ->Unit(benchmark::kMillisecond);
    }
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
