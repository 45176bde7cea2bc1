// Whole queries, from text to result, as the files in cases/ tell.
#include <catch2/catch.hpp>
#include <filesystem>
#include <set>

#include "tests/xquery/case_file.hpp"

namespace clacks::xquery_tests {

TEST_CASE("Queries give what the case files say") {
    std::set<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(CLACKS_SOURCE_DIR "/tests/xquery/cases")) {
        if (entry.path().extension() == ".xqt") files.insert(entry.path());
    }
    REQUIRE(files.size() >= 10);
    std::size_t n = 0;
    for (const auto& file : files) {
        for (const Case& one : read_cases(file)) {
            INFO(one.place << "\n" << one.query);
            CHECK(outcome(one) == one.expected);
            ++n;
        }
    }
    CHECK(n >= 500);
}

}  // namespace clacks::xquery_tests
