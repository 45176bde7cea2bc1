#include "common/cli/filter_text.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "common/cli/command.hpp"
#include "common/cli/input.hpp"
#include "common/cli/output.hpp"
#include "common/events/event.hpp"
#include "common/xml/parser.hpp"

namespace clacks::cli {

xquery::CompileOptions filter_options(std::string source) {
    xquery::CompileOptions options;
    options.namespaces = {{"e", std::string(events::kNamespace)}};
    options.source = std::move(source);
    return options;
}

Result<xquery::Query, Diagnostics> compile_filter(std::string_view text, std::string source) {
    return xquery::Query::compile(text, filter_options(std::move(source)));
}

int refuse_filter(const Diagnostics& problems, std::string_view filter) {
    for (const Diagnostic& problem : problems) {
        failed(problem);
        point_out(problem, filter);
    }
    return kFailed;
}

Result<events::CataloguePtr, Diagnostics> filter_catalogue(const std::vector<std::string>& folders) {
    // Where an agent looks that is not told otherwise.
    constexpr const char* kFolders[] = {"/usr/share/clacks/events", "/etc/clacks/events"};
    std::vector<std::filesystem::path> found(folders.begin(), folders.end());
    if (found.empty()) {
        std::copy_if(std::begin(kFolders), std::end(kFolders), std::back_inserter(found),
                     [](const char* folder) { return std::filesystem::is_directory(folder); });
        if (found.empty()) return events::CataloguePtr();
    }
    return events::Catalogue::load(found);
}

Result<std::shared_ptr<const xml::Tree>> event_document(const std::string& file) {
    auto text = read_input(file);
    if (!text) return std::move(text).error();
    auto tree = xml::parse(*text);
    if (tree) return tree;
    Diagnostic why = std::move(tree).error();
    why.source = file;
    return why;
}

Result<bool> filter_matches(const xquery::Query& query, const xml::Tree& event) {
    xquery::DynamicContext context;
    context.set_context_item(event);
    return query.matches(context);
}

std::string filter_verdict(const Result<bool>& matched) {
    if (!matched) return "fails: " + to_string(matched.error());
    return *matched ? "matches" : "does not match";
}

}  // namespace clacks::cli
