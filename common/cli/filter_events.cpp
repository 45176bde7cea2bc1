// What a filter makes of events: `clacks filter test` and `clacks filter explain`.
#include "common/cli/filter_events.hpp"

#include <algorithm>
#include <filesystem>

#include "common/base/text.hpp"
#include "common/cli/filter_text.hpp"
#include "common/cli/input.hpp"
#include "common/cli/output.hpp"
#include "common/xml/parser.hpp"
#include "common/xquery/analysis/conditions.hpp"
#include "common/xquery/analysis/holds.hpp"

namespace clacks::cli {

namespace {

using xquery::analysis::Condition;

// The files, and those of folders that are named like events, in their order.
std::vector<std::string> event_files(const std::vector<std::string>& names) {
    namespace fs = std::filesystem;
    std::vector<std::string> files;
    for (const std::string& name : names) {
        std::error_code unreadable;
        if (!fs::is_directory(name, unreadable)) {
            files.push_back(name);
            continue;
        }
        const std::size_t before = files.size();
        for (const auto& entry : fs::directory_iterator(name, unreadable))
            if (entry.path().extension() == ".xml") files.push_back(entry.path().string());
        std::sort(files.begin() + static_cast<std::ptrdiff_t>(before), files.end());
    }
    return files;
}

Result<std::shared_ptr<const xml::Tree>> document(const std::string& file) {
    auto text = read_input(file);
    if (!text) return std::move(text).error();
    auto tree = xml::parse(*text);
    if (tree) return tree;
    Diagnostic why = std::move(tree).error();
    why.source = file;
    return why;
}

Result<bool> matches(const xquery::Query& query, const xml::Tree& tree) {
    xquery::DynamicContext context;
    context.set_context_item(tree);
    return query.matches(context);
}

std::string verdict(const Result<bool>& matched) {
    if (!matched) return "fails: " + to_string(matched.error());
    return *matched ? "matches" : "does not match";
}

int refuse(const Diagnostics& problems, std::string_view filter) {
    for (const Diagnostic& problem : problems) {
        failed(problem);
        point_out(problem, filter);
    }
    return kFailed;
}

// One that cannot be read does not keep the others from being asked.
int test(const Common& common, const std::string& filter, const std::vector<std::string>& names) {
    const auto query = compile_filter(filter);
    if (!query) return refuse(query.error(), filter);
    auto list = nlohmann::json::array();
    int status = kSuccess;
    for (const std::string& file : event_files(names)) {
        const auto tree = document(file);
        if (!tree) {
            status = failed(tree.error());
            continue;
        }
        const Result<bool> matched = matches(*query, **tree);
        if (!matched) status = kFailed;
        list.push_back({{"file", file},
                        {"matched", matched.ok() && *matched},
                        {"error", matched ? "" : to_string(matched.error())}});
        if (!common.json) print(file + ": " + verdict(matched) + "\n");
    }
    if (common.json) print(json_text(list, false) + "\n");
    return status;
}

// What the nodes on the test's path have.
std::string found(const xquery::analysis::Test& test, const xml::Tree& tree) {
    constexpr std::size_t kMost = 5;
    const auto nodes = nodes_on(test.path, tree);
    if (nodes.empty()) return "nothing there";
    if (test.kind == xquery::analysis::Test::Kind::exists) return std::to_string(nodes.size()) + " there";
    std::string text;
    for (std::size_t i = 0; i < std::min(nodes.size(), kMost); ++i)
        text += (i > 0 ? ", '" : "it is '") + one_line(tree.string_value(nodes[i]), 60) + "'";
    return nodes.size() > kMost ? text + " …" : text;
}

class Explanation {
  public:
    Explanation(const xml::Tree& tree, const xquery::CompileOptions& compile)
        : tree_(tree), namespaces_(compile.namespaces) {}

    // The condition and its parts, each below what it is a part of.
    std::string tree_of(const Condition& condition, std::size_t depth = 0) {
        const bool held = holds(condition, tree_);
        std::string text =
            (held ? "true   " : "false  ") + std::string(2 * depth, ' ') + shown(condition) + "\n";
        if (!held && condition.parts.empty() && culprit_.empty()) culprit_ = shown(condition);
        for (const Condition& part : condition.parts) text += tree_of(part, depth + 1);
        return text;
    }
    // The first part that is false and has no parts itself.
    const std::string& culprit() const { return culprit_; }

  private:
    std::string shown(const Condition& condition) const {
        switch (condition.kind) {
            case Condition::Kind::all_of:
                return "all of";
            case Condition::Kind::any_of:
                return "any of";
            case Condition::Kind::none_of:
                return "not";
            case Condition::Kind::test:
                return to_string(condition, namespaces_) + ": " + found(condition.test, tree_);
            default:
                return to_string(condition, namespaces_);
        }
    }

    const xml::Tree& tree_;
    const std::vector<std::pair<std::string, std::string>> namespaces_;
    std::string culprit_;
};

int explain(const Common& common, const std::string& filter, const std::string& event) {
    const xquery::CompileOptions compile = filter_options();
    const auto query = compile_filter(filter);
    if (!query) return refuse(query.error(), filter);
    const auto condition = xquery::analysis::condition_of(filter, compile);
    if (!condition) return refuse(condition.error(), filter);
    const auto tree = document(event);
    if (!tree) return failed(tree.error());
    Explanation explanation(**tree, compile);
    const std::string parts = explanation.tree_of(*condition);
    const bool held = holds(*condition, **tree);
    const std::string matched = verdict(matches(*query, **tree));
    if (common.json) {
        print(json_text(
                  {{"verdict", matched}, {"condition", held}, {"false", held ? "" : explanation.culprit()}},
                  false) +
              "\n");
        return kSuccess;
    }
    print(parts);
    if (!held && !explanation.culprit().empty()) print("first false: " + explanation.culprit() + "\n");
    print("the filter " + matched + "\n");
    return kSuccess;
}

}  // namespace

void add_filter_events(Commands& commands, CLI::App* filter) {
    auto* tested = commands.add(filter, "test", "Tell which events of files a filter matches");
    auto files = std::make_shared<std::vector<std::string>>();
    const Words query(tested, "QUERY", "The XQuery", Words::one);
    tested->add_option("-e,--events", *files, "Events: a file, or a folder of NAME.xml; may be given again")
        ->type_name("FILE|DIR")
        ->required()
        ->allow_extra_args(false);
    commands.run(tested,
                 [query, files](const Common& common) { return test(common, query.read().front(), *files); });

    auto* explained = commands.add(filter, "explain", "Show what of a filter is true of an event");
    const Words asked(explained, "QUERY", "The XQuery", Words::one);
    const Words event(explained, "EVENT", "The event's file, - for standard input", Words::one);
    commands.run(explained, [asked, event](const Common& common) {
        return explain(common, asked.read().front(), event.read().front());
    });
    explained->footer(
        "Shown are the parts of the condition that an event has to meet, and what the event has there. A "
        "filter may\n"
        "ask for more than its condition tells; the last line is its own verdict.");
}

}  // namespace clacks::cli
