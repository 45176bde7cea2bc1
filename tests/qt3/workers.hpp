// Runs cases in child processes, so that a crash or a case without end costs that case alone.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace clacks::qt3 {

struct WorkOptions {
    unsigned processes = 2;
    int seconds = 10;  // for one case
};

struct CaseResult {
    std::string why;  // it failed; "": it passed
    double seconds = 0;
};

// Calls `run` for each index from 0 to count - 1 in some child, on a thread with a deep stack; returns
// what each gave. A child that dies or takes too long fails its case.
std::vector<CaseResult> run_all(std::size_t count, const std::function<std::string(std::size_t)>& run,
                                const WorkOptions& options);

}  // namespace clacks::qt3
