// The suite as its catalogue tells it: environments and test cases (QT3, catalog-schema.xsd).
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "tests/qt3/element.hpp"

namespace clacks::qt3 {

struct TestSet {
    std::string name;
    std::filesystem::path file;
    TreePtr tree;
    std::map<std::string, Element, std::less<>> environments;  // its own
};

struct TestCase {
    const TestSet* set;
    std::string name;
    Element element;
    std::string skipped;  // why it is out of scope, "" when it is in
};

struct Suite {
    std::filesystem::path folder;
    TreePtr tree;
    std::map<std::string, Element, std::less<>> environments;  // of all sets
    std::vector<std::unique_ptr<TestSet>> sets;
    std::vector<TestCase> cases;

    // An inline environment, a referred one with the folder its files lie in, or null.
    struct Environment {
        Element element;
        std::filesystem::path folder;
    };
    std::vector<Environment> environment_of(const TestCase& test) const;  // none or one
};

// Reads the catalogue and all its sets. Throws std::runtime_error.
Suite load_suite(const std::filesystem::path& catalogue);

}  // namespace clacks::qt3
