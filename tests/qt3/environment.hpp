// What a test case's environment makes reachable: documents, collections, texts, modules, variables.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/xquery/xquery.hpp"
#include "tests/qt3/suite.hpp"

namespace clacks::qt3 {

// The suite's files by URI; trees are read once a process and shared between cases.
class SuiteResolver final : public xquery::Resolver {
  public:
    explicit SuiteResolver(std::filesystem::path folder) : folder_(std::move(folder)) {}

    Result<TreePtr> document(std::string_view uri) override;
    Result<xquery::Sequence> collection(std::string_view uri) override;
    Result<std::vector<std::string>> uri_collection(std::string_view uri) override;
    Result<Text> text(std::string_view uri) override;
    Result<std::vector<ModuleSource>> module(std::string_view target_namespace,
                                             std::span<const std::string> locations) override;
    std::optional<std::string> environment_variable(std::string_view name) override;
    std::vector<std::string> environment_variables() override;

    struct Document {
        std::string uri;
        std::filesystem::path file;
    };
    struct Resource {
        std::filesystem::path file;
        std::string encoding;
    };
    struct Module {
        std::string uri;
        std::string location;
        std::filesystem::path file;
    };
    struct Collection {
        std::string base_uri;  // of its queries
        std::vector<Document> documents;
        std::vector<std::string> queries;
        std::shared_ptr<void> held;  // what the sequence lives in
    };
    void add(const Document& document) { documents_.emplace(document.uri, document.file); }
    void add(const std::string& uri, const Resource& resource) { resources_.emplace(uri, resource); }
    void add(const Module& module) { modules_.push_back(module); }
    void add(const std::string& uri, const Collection& collection) { collections_[uri] = collection; }

  private:
    std::filesystem::path file_of(std::string_view uri) const;
    std::filesystem::path folder_;
    std::map<std::string, std::filesystem::path, std::less<>> documents_;
    std::map<std::string, Resource, std::less<>> resources_;
    std::map<std::string, Collection, std::less<>> collections_;
    std::vector<Module> modules_;
};

TreePtr tree_of(const SuiteResolver::Document& document);

// The environment of one case, ready to compile and evaluate in.
class Environment {
  public:
    Environment(const Suite& suite, const TestCase& test);

    const xquery::CompileOptions& options() const { return options_; }
    // Binds variables and the context item, and the clock.
    void prepare(xquery::DynamicContext& context);
    static xquery::Limits limits();

  private:
    void apply(const Element& environment, const std::filesystem::path& folder);
    void add_decimal_format(const Element& declared);
    void add_source(const Element& source, const std::filesystem::path& folder);
    void add_collection(const Element& collection, const std::filesystem::path& folder);
    void add_parameter(const Element& parameter);
    // Evaluates in a context of its own, which lives as long as the environment.
    xquery::Sequence evaluate(const std::string& query, const TreePtr& context_item = nullptr);

    xquery::CompileOptions options_;
    std::shared_ptr<SuiteResolver> resolver_;
    std::vector<TreePtr> trees_;
    std::vector<std::unique_ptr<xquery::DynamicContext>> contexts_;
    std::vector<std::pair<std::string, xquery::Sequence>> variables_;
    std::vector<xquery::Sequence> context_item_;  // none or one
};

}  // namespace clacks::qt3
