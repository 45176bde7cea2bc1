// Runs one test case in this process.
#pragma once

#include <string>

#include "tests/qt3/suite.hpp"

namespace clacks::qt3 {

// Why it failed, or "" when it passed.
std::string run_case(const Suite& suite, const TestCase& test, bool rewrites = true);

}  // namespace clacks::qt3
