#include "tests/qt3/environment.hpp"

#include <algorithm>
#include <stdexcept>

namespace clacks::qt3 {

namespace {

// The suite's own name of a collation.
constexpr std::string_view kCaseBlind = "http://www.w3.org/2010/09/qt-fots-catalog/collation/caseblind";
constexpr std::string_view kAsciiCaseInsensitive =
    "http://www.w3.org/2005/xpath-functions/collation/html-ascii-case-insensitive";

Diagnostic not_found(std::string_view uri) {
    Diagnostic d;
    d.message = "there is nothing at " + std::string(uri);
    return d;
}

std::string absolute(std::string_view uri, const std::filesystem::path& folder) {
    if (uri.find(':') != std::string_view::npos) return std::string(uri);
    return file_uri(folder / uri);
}

// A name with a prefix as Q{uri}local.
std::string expanded(const Element& place, std::string_view name) {
    const std::size_t colon = name.find(':');
    if (colon != std::string_view::npos) {
        for (const auto& [prefix, uri] : place.namespaces()) {
            if (prefix == name.substr(0, colon))
                return "Q{" + uri + "}" + std::string(name.substr(colon + 1));
        }
    }
    return std::string(name);
}

}  // namespace

TreePtr tree_of(const SuiteResolver::Document& document) {
    static std::map<std::pair<std::string, std::string>, TreePtr> known;
    TreePtr& tree = known[{document.uri, document.file.string()}];
    if (!tree) tree = read_tree(document.file, document.uri);
    return tree;
}

// Only what lies in the suite's folder.
std::filesystem::path SuiteResolver::file_of(std::string_view uri) const {
    if (!uri.starts_with("file:///")) return {};
    const std::filesystem::path file = std::filesystem::path(uri.substr(7)).lexically_normal();
    const std::string inside = folder_.lexically_normal().string() + "/";
    return file.string().starts_with(inside) && std::filesystem::is_regular_file(file)
               ? file
               : std::filesystem::path();
}

Result<TreePtr> SuiteResolver::document(std::string_view uri) {
    try {
        if (const auto known = documents_.find(uri); known != documents_.end())
            return tree_of({known->first, known->second});
        if (const std::filesystem::path file = file_of(uri); !file.empty())
            return tree_of({std::string(uri), file});
    } catch (const std::runtime_error& error) {
        Diagnostic d;
        d.message = error.what();
        return d;
    }
    return not_found(uri);
}

Result<xquery::Sequence> SuiteResolver::collection(std::string_view uri) {
    const auto known = collections_.find(uri);
    if (known == collections_.end()) return not_found(uri);
    Collection& collection = known->second;
    xquery::CompileOptions options;
    std::string query = "declare variable $all as item()* external; $all";
    if (!collection.queries.empty()) {
        query = collection.queries.front();
        options.resolver = std::make_shared<SuiteResolver>(*this);
        options.base_uri = collection.base_uri;
    } else {
        auto resolver = std::make_shared<SuiteResolver>(folder_);
        query.clear();
        for (const Document& document : collection.documents) {
            resolver->add(document);
            query += (query.empty() ? "(" : ",") + ("doc('" + document.uri + "')");
        }
        query += query.empty() ? "()" : ")";
        options.resolver = resolver;
    }
    struct Held {
        std::optional<xquery::Query> query;
        xquery::DynamicContext context;
    };
    auto held = std::make_shared<Held>();
    auto compiled = xquery::Query::compile(query, options);
    if (!compiled) return compiled.error().front();
    held->query = *compiled;
    collection.held = held;
    return held->query->evaluate(held->context);
}

Result<std::vector<std::string>> SuiteResolver::uri_collection(std::string_view uri) {
    const auto known = collections_.find(uri);
    if (known == collections_.end()) return not_found(uri);
    std::vector<std::string> uris;
    for (const Document& document : known->second.documents) uris.push_back(document.uri);
    return uris;
}

Result<xquery::Resolver::Text> SuiteResolver::text(std::string_view uri) {
    try {
        if (const auto known = resources_.find(uri); known != resources_.end())
            return Text{read_file(known->second.file), known->second.encoding};
        if (const std::filesystem::path file = file_of(uri); !file.empty()) return Text{read_file(file), ""};
    } catch (const std::runtime_error&) {
    }
    return not_found(uri);
}

Result<std::vector<xquery::Resolver::ModuleSource>> SuiteResolver::module(
    std::string_view target_namespace, std::span<const std::string> locations) {
    std::vector<ModuleSource> sources;
    for (const Module& module : modules_) {
        const bool located =
            locations.empty() || module.location.empty() ||
            std::find(locations.begin(), locations.end(), module.location) != locations.end();
        if (module.uri == target_namespace && located)
            sources.push_back({file_uri(module.file), read_file(module.file)});
    }
    if (sources.empty()) return not_found(target_namespace);
    return sources;
}

// As the suite's guide asks.
std::optional<std::string> SuiteResolver::environment_variable(std::string_view name) {
    if (name == "QTTEST") return "42";
    if (name == "QTTEST2") return "other";
    if (name == "QTTESTEMPTY") return "";
    return std::nullopt;
}

std::vector<std::string> SuiteResolver::environment_variables() {
    return {"QTTEST", "QTTEST2", "QTTESTEMPTY"};
}

xquery::Limits Environment::limits() {
    xquery::Limits limits;
    limits.query_bytes = 16 * 1024 * 1024;
    limits.nesting = 2000;
    limits.recursion = 20'000;
    limits.steps = 2'000'000'000;
    limits.memory = std::size_t{800} * 1024 * 1024;
    return limits;
}

Environment::Environment(const Suite& suite, const TestCase& test)
    : resolver_(std::make_shared<SuiteResolver>(suite.folder)) {
    options_.limits = limits();
    options_.resolver = resolver_;
    options_.base_uri = file_uri(test.set->file);
    for (const Element& module : test.element.children("module"))
        resolver_->add(SuiteResolver::Module{std::string(module.attribute("uri")),
                                             std::string(module.attribute("location")),
                                             test.set->file.parent_path() / module.attribute("file")});
    for (const Suite::Environment& environment : suite.environment_of(test))
        apply(environment.element, environment.folder);
}

void Environment::apply(const Element& environment, const std::filesystem::path& folder) {
    for (const Element& e : environment.children("namespace")) {
        if (e.attribute("prefix").empty())
            options_.default_element_namespace = e.attribute("uri");
        else
            options_.namespaces.emplace_back(e.attribute("prefix"), e.attribute("uri"));
    }
    for (const Element& e : environment.children("static-base-uri"))
        options_.base_uri = e.attribute("uri") == "#UNDEFINED" ? "" : std::string(e.attribute("uri"));
    for (const Element& e : environment.children("collation")) {
        if (e.attribute("uri") == kCaseBlind)
            options_.collations.emplace_back(kCaseBlind, kAsciiCaseInsensitive);
        if (e.attribute("default") == "true") options_.default_collation = e.attribute("uri");
    }
    for (const Element& e : environment.children("decimal-format")) add_decimal_format(e);
    for (const Element& e : environment.children("resource"))
        resolver_->add(absolute(e.attribute("uri"), folder),
                       {folder / e.attribute("file"), std::string(e.attribute("encoding"))});
    for (const Element& e : environment.children("source")) add_source(e, folder);
    for (const Element& e : environment.children("collection")) add_collection(e, folder);
    for (const Element& e : environment.children("param")) add_parameter(e);
    for (const Element& e : environment.children("context-item"))
        context_item_.assign(1, evaluate(std::string(e.attribute("select"))));
}

void Environment::add_decimal_format(const Element& declared) {
    xquery::CompileOptions::DecimalFormat format;
    format.name = expanded(declared, declared.attribute("name"));
    for (const std::string_view property :
         {"decimal-separator", "grouping-separator", "exponent-separator", "infinity", "minus-sign", "NaN",
          "percent", "per-mille", "zero-digit", "digit", "pattern-separator"}) {
        if (declared.has(property)) format.properties.emplace_back(property, declared.attribute(property));
    }
    options_.decimal_formats.push_back(std::move(format));
}

void Environment::add_source(const Element& source, const std::filesystem::path& folder) {
    SuiteResolver::Document document;
    document.file = folder / source.attribute("file");
    document.uri = source.has("uri") ? absolute(source.attribute("uri"), folder) : file_uri(document.file);
    resolver_->add(document);
    const std::string_view role = source.attribute("role");
    if (role.empty()) return;
    trees_.push_back(tree_of(document));
    const xquery::Sequence node = evaluate(".", trees_.back());
    if (role == ".") {
        context_item_.assign(1, node);
    } else {
        const std::string name(role.substr(1));
        variables_.emplace_back(name, node);
        options_.external_variables.push_back(name);
    }
}

void Environment::add_collection(const Element& element, const std::filesystem::path& folder) {
    SuiteResolver::Collection collection;
    for (const Element& source : element.children("source")) {
        SuiteResolver::Document document;
        document.file = folder / source.attribute("file");
        document.uri =
            source.has("uri") ? absolute(source.attribute("uri"), folder) : file_uri(document.file);
        collection.documents.push_back(document);
        resolver_->add(document);
    }
    collection.base_uri = file_uri(folder) + "/";
    for (const Element& query : element.children("query")) collection.queries.emplace_back(query.text());
    const std::string_view uri = element.attribute("uri");
    resolver_->add(uri.empty() ? std::string() : absolute(uri, folder), collection);
}

void Environment::add_parameter(const Element& parameter) {
    const std::string name = expanded(parameter, parameter.attribute("name"));
    if (parameter.has("select"))
        variables_.emplace_back(name, evaluate(std::string(parameter.attribute("select"))));
    if (parameter.attribute("declared") != "true") options_.external_variables.push_back(name);
}

xquery::Sequence Environment::evaluate(const std::string& query, const TreePtr& context_item) {
    auto compiled = xquery::Query::compile(query, options_);
    if (!compiled) throw std::runtime_error("environment: " + to_string(compiled.error()));
    auto& context = *contexts_.emplace_back(std::make_unique<xquery::DynamicContext>(limits()));
    if (context_item) context.set_context_item(*context_item);
    auto result = compiled->evaluate(context);
    if (!result) throw std::runtime_error("environment: " + to_string(result.error()));
    return *result;
}

void Environment::prepare(xquery::DynamicContext& context) {
    using namespace std::chrono;
    context.set_current_time(time_point_cast<milliseconds>(system_clock::now()));
    for (const auto& [name, value] : variables_) context.bind(name, value);
    if (!context_item_.empty()) context.set_context_item(context_item_.front());
}

}  // namespace clacks::qt3
