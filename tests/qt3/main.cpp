// qt3-runner: runs the W3C XQuery test suite (QT3) against the engine.
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fstream>
#include <iostream>
#include <regex>
#include <thread>

#include "common/base/text.hpp"
#include "tests/qt3/run_case.hpp"
#include "tests/qt3/workers.hpp"

namespace {

using clacks::qt3::Suite;
using clacks::qt3::TestCase;

struct Counts {
    std::size_t passed = 0, failed = 0, skipped = 0;
};

std::vector<const TestCase*> chosen(const Suite& suite, const std::string& only) {
    std::vector<const TestCase*> cases;
    const std::regex pattern(only.empty() ? ".*" : only);
    for (const TestCase& test : suite.cases) {
        if (std::regex_search(test.set->name + "/" + test.name, pattern)) cases.push_back(&test);
    }
    return cases;
}

Counts report(const std::vector<const TestCase*>& cases, const std::vector<clacks::qt3::CaseResult>& results,
              std::ostream& out) {
    Counts counts;
    for (std::size_t i = 0; i < cases.size(); ++i) {
        const std::string& skipped = cases[i]->skipped;
        const bool failed = !results[i].why.empty();
        ++(!skipped.empty() ? counts.skipped : failed ? counts.failed : counts.passed);
        out << cases[i]->set->name << '\t' << cases[i]->name << '\t'
            << (!skipped.empty() ? "skip"
                : failed         ? "fail"
                                 : "pass")
            << '\t' << (skipped.empty() ? clacks::one_line(results[i].why, 2000) : skipped) << '\n';
    }
    return counts;
}

void show_cost(const std::vector<const TestCase*>& cases,
               const std::vector<clacks::qt3::CaseResult>& results) {
    const auto longest = std::max_element(results.begin(), results.end(),
                                          [](const auto& a, const auto& b) { return a.seconds < b.seconds; });
    if (longest == results.end()) return;
    rusage used{};
    getrusage(RUSAGE_CHILDREN, &used);
    const TestCase& test = *cases[static_cast<std::size_t>(longest - results.begin())];
    std::cout << "longest case " << longest->seconds << " s (" << test.set->name << '/' << test.name
              << "), largest process " << used.ru_maxrss / 1024 << " MiB\n";
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app("Runs the W3C XQuery test suite and tells what passes.", "qt3-runner");
    std::string catalogue, only, report_file;
    bool without_rewrites = false;
    clacks::qt3::WorkOptions options;
    options.processes = std::max(1u, std::thread::hardware_concurrency());
    app.add_option("CATALOG_XML", catalogue, "the suite's catalog.xml")->required();
    app.add_option("--only", only, "run cases whose TEST-SET/TEST-CASE this regular expression finds");
    app.add_option("--report", report_file, "write the table here instead of showing the failures");
    app.add_flag("--without-rewrites", without_rewrites, "compile without what is done for speed alone");
    app.add_option("--processes", options.processes, "child processes to run cases in");
    app.add_option("--seconds", options.seconds, "that one case may take");
    CLI11_PARSE(app, argc, argv);
    try {
        const Suite suite = clacks::qt3::load_suite(catalogue);
        const std::vector<const TestCase*> cases = chosen(suite, only);
        const auto results = clacks::qt3::run_all(
            cases.size(),
            [&](std::size_t i) {
                return cases[i]->skipped.empty() ? clacks::qt3::run_case(suite, *cases[i], !without_rewrites)
                                                 : std::string();
            },
            options);
        std::ofstream file;
        std::ostringstream shown;
        if (!report_file.empty()) file.open(report_file);
        const Counts counts =
            report(cases, results, report_file.empty() ? static_cast<std::ostream&>(shown) : file);
        std::istringstream lines(shown.str());
        for (std::string line; std::getline(lines, line);) {
            if (line.find("\tfail\t") != std::string::npos) std::cout << line << '\n';
        }
        show_cost(cases, results);
        std::cout << counts.passed << " passed, " << counts.failed << " failed, " << counts.skipped
                  << " skipped\n";
        return counts.failed == 0 ? 0 : 1;
    } catch (const std::exception& error) {
        std::cerr << "qt3-runner: " << error.what() << '\n';
        return 2;
    }
}
