// What a filter makes of events: `clacks filter test`.
#include "common/cli/filter_events.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>

#include "common/cli/filter_text.hpp"
#include "common/cli/output.hpp"
#include "common/cli/service.hpp"

namespace clacks::cli {

namespace {

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

// One that cannot be read does not keep the others from being asked.
int test(const Common& common, const std::string& filter, const std::vector<std::string>& names) {
    const auto query = compile_filter(filter);
    if (!query) return refuse_filter(query.error(), filter);
    auto list = nlohmann::json::array();
    int status = kSuccess;
    for (const std::string& file : event_files(names)) {
        const auto tree = event_document(file);
        if (!tree) {
            status = failed(tree.error());
            continue;
        }
        const Result<bool> matched = filter_matches(*query, **tree);
        if (!matched) status = kFailed;
        list.push_back({{"file", file},
                        {"matched", matched.ok() && *matched},
                        {"error", matched ? "" : to_string(matched.error())}});
        if (!common.json) print(file + ": " + filter_verdict(matched) + "\n");
    }
    if (common.json) print(json_text(list, false) + "\n");
    return status;
}

// A subscription, its filter, and why only the agent can tell what it matches, or "".
struct Asked {
    nlohmann::json subscription;
    std::optional<xquery::Query> query;  // none: every event
    std::string unknown;
};

Asked asked_of(const nlohmann::json& subscription) {
    Asked asked{subscription, std::nullopt, {}};
    const std::string filter = subscription.value("filter", "");
    if (filter.empty()) return asked;
    auto query = compile_filter(filter);
    if (!query) {
        asked.unknown = "cannot be evaluated here: " + to_string(query.error().front());
        return asked;
    }
    for (const auto& variable : query->external_variables())
        asked.unknown +=
            (asked.unknown.empty() ? "depends on the message's properties: $" : ", $") + variable.local;
    asked.query = std::move(*query);
    return asked;
}

// The event's type, by which the agent tells what can come to a subscription; "" where there is none.
std::string type_of(const xml::Tree& event) {
    const auto element = [&event](xml::NodeIndex parent) {
        xml::NodeIndex i = event.first_child(parent);
        while (i < event[parent].end && event.kind(i) != xml::NodeKind::element) i = event[i].end;
        return i < event[parent].end ? i : xml::kNoNode;
    };
    const xml::NodeIndex name = element(element(0));  // a document has an element
    return name == xml::kNoNode ? "" : std::string(event.name(name).local);
}

bool can_come(const nlohmann::json& subscription, const std::string& type) {
    const auto events = subscription.find("events");
    return events == subscription.end() || !events->is_array() ||
           std::find(events->begin(), events->end(), type) != events->end();
}

nlohmann::json judged(const Asked& asked, const std::string& file, const xml::Tree& event) {
    Result<bool> matched = true;
    if (asked.unknown.empty() && asked.query) matched = filter_matches(*asked.query, event);
    std::string verdict = asked.unknown.empty() ? filter_verdict(matched) : asked.unknown;
    bool known = asked.unknown.empty() && matched.ok();
    if (const std::string type = type_of(event);
        !can_come(asked.subscription, type) && !(known && !*matched)) {
        matched = false;
        known = true;
        verdict = "does not come: the owner may not read " + type + ", or the agent does not know it";
    }
    return {{"file", file},
            {"id", asked.subscription.value("id", 0)},
            {"owner", asked.subscription.value("owner", "")},
            {"link", asked.subscription.value("link", "")},
            {"filter", asked.subscription.value("filter", "")},
            {"matched", known ? nlohmann::json(*matched) : nlohmann::json()},
            {"verdict", verdict}};
}

// One row for each event and subscription of the agent that the caller may see.
int test_subscriptions(const Common& common, const std::vector<std::string>& names) {
    const auto subscriptions = call(common, "getSubscriptions");
    if (!subscriptions) return failed(subscriptions.error());
    std::vector<Asked> all;
    for (const auto& subscription : *subscriptions) all.push_back(asked_of(subscription));
    auto list = nlohmann::json::array();
    int status = kSuccess;
    for (const std::string& file : event_files(names)) {
        const auto tree = event_document(file);
        if (!tree) status = failed(tree.error());
        for (const Asked& asked : all)
            if (tree) list.push_back(judged(asked, file, **tree));
    }
    if (common.json) {
        print(json_text(list, false) + "\n");
        return status;
    }
    std::vector<std::vector<std::string>> rows;
    for (const auto& one : list) {
        const std::string filter = cell(one["filter"]);
        rows.push_back({cell(one["file"]), cell(one["id"]), cell(one["owner"]), cell(one["verdict"]),
                        filter.empty() ? "(every event)" : filter});
    }
    print(table({"EVENT", "ID", "OWNER", "VERDICT", "FILTER"}, rows));
    return status;
}

}  // namespace

void add_filter_events(Commands& commands, CLI::App* filter) {
    auto* tested = commands.add(filter, "test", "Tell which events of files a filter matches");
    auto files = std::make_shared<std::vector<std::string>>();
    auto subscriptions = std::make_shared<bool>(false);
    const Words query(tested, "QUERY", "The XQuery", Words::any);
    tested->add_option("-e,--events", *files, "Events: a file, or a folder of NAME.xml; may be given again")
        ->type_name("FILE|DIR")
        ->required()
        ->allow_extra_args(false);
    tested->add_flag("--subscriptions", *subscriptions,
                     "Instead of QUERY: the filters of the agent's subscriptions that you may see");
    commands.run(tested, [query, files, subscriptions](const Common& common) {
        const std::vector<std::string> filters = query.read();
        if (filters.size() != (*subscriptions ? 0 : 1))
            throw UsageError{"give either QUERY or --subscriptions"};
        return *subscriptions ? test_subscriptions(common, *files) : test(common, filters.front(), *files);
    });
    tested->footer(
        "With --subscriptions the events are not sent; each filter is evaluated here, by the engine that "
        "the\n"
        "agent has. An event that its owner may not read does not come, whatever the filter. The properties "
        "of\na message, on which a filter with external variables depends, are left aside.");
}

}  // namespace clacks::cli
