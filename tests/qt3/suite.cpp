#include "tests/qt3/suite.hpp"

#include <algorithm>
#include <array>
#include <sstream>

namespace clacks::qt3 {

namespace {

// Optional features that are not part of what we claim; a case that needs one is not in scope.
constexpr std::array<std::string_view, 20> kNotSupported = {"schemaImport",
                                                            "schemaValidation",
                                                            "typedData",
                                                            "staticTyping",
                                                            "fn-transform-XSLT",
                                                            "fn-transform-XSLT30",
                                                            "fn-load-xquery-module",
                                                            "moduleImport",
                                                            "infoset-dtd",
                                                            "advanced-uca-fallback",
                                                            "simple-uca-fallback",
                                                            "non_empty_sequence_collection",
                                                            "non_unicode_codepoint_collation",
                                                            "olson-timezone",
                                                            "schema-location-hint",
                                                            "fn-format-integer-CLDR",
                                                            "remote_http",
                                                            "directory-as-collection-uri",
                                                            "xpath-1.0-compatibility",
                                                            "namespace-axis"};

bool is_for_xquery_31(std::string_view value) {
    std::istringstream words{std::string(value)};
    std::string word;
    while (words >> word) {
        if (word == "XQ31" || word == "XQ31+" || word == "XQ30+" || word == "XQ10+") return true;
    }
    return false;
}

// Why a dependency takes a case out of scope, or "".
std::string why_not(const Element& dependency) {
    const std::string_view type = dependency.attribute("type");
    const std::string value(dependency.attribute("value"));
    const bool wanted = dependency.attribute("satisfied") != "false";
    if (type == "spec" && !is_for_xquery_31(value)) return "spec " + value;
    if (type == "feature" && wanted &&
        std::find(kNotSupported.begin(), kNotSupported.end(), value) != kNotSupported.end())
        return "feature " + value;
    if (type == "xml-version" && value.find("1.1") != std::string::npos &&
        value.find("1.0") == std::string::npos)
        return "XML " + value;
    return {};
}

std::string why_skipped(const std::vector<Element>& dependencies) {
    for (const Element& dependency : dependencies) {
        if (std::string why = why_not(dependency); !why.empty()) return why;
    }
    return {};
}

void load_set(Suite& suite, const Element& entry) {
    auto set = std::make_unique<TestSet>();
    set->name = entry.attribute("name");
    set->file = suite.folder / entry.attribute("file");
    set->tree = read_tree(set->file, file_uri(set->file));
    const Element root = root_of(*set->tree);
    for (const Element& environment : root.children("environment"))
        set->environments.emplace(environment.attribute("name"), environment);
    const std::vector<Element> common = root.children("dependency");
    for (const Element& element : root.children("test-case")) {
        std::vector<Element> dependencies = element.children("dependency");
        dependencies.insert(dependencies.end(), common.begin(), common.end());
        suite.cases.push_back(
            {set.get(), std::string(element.attribute("name")), element, why_skipped(dependencies)});
    }
    suite.sets.push_back(std::move(set));
}

}  // namespace

std::vector<Suite::Environment> Suite::environment_of(const TestCase& test) const {
    const std::vector<Element> given = test.element.children("environment");
    if (given.empty()) return {};
    const std::string_view ref = given.front().attribute("ref");
    if (ref.empty()) return {{given.front(), test.set->file.parent_path()}};
    if (const auto own = test.set->environments.find(ref); own != test.set->environments.end())
        return {{own->second, test.set->file.parent_path()}};
    if (const auto shared = environments.find(ref); shared != environments.end())
        return {{shared->second, folder}};
    throw std::runtime_error("there is no environment " + std::string(ref));
}

Suite load_suite(const std::filesystem::path& catalogue) {
    Suite suite;
    suite.folder = std::filesystem::absolute(catalogue).parent_path();
    suite.tree = read_tree(catalogue, file_uri(catalogue));
    const Element root = root_of(*suite.tree);
    for (const Element& environment : root.children("environment"))
        suite.environments.emplace(environment.attribute("name"), environment);
    for (const Element& entry : root.children("test-set")) load_set(suite, entry);
    return suite;
}

}  // namespace clacks::qt3
