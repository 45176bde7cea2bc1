#include "common/cli/command.hpp"
#include "common/cli/event_model.hpp"
#include "common/cli/output.hpp"
#include "common/cli/service.hpp"

namespace clacks::cli {

namespace {

struct Options {
    std::string name;
    bool schema = false;
};

std::string list(const nlohmann::json& events) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& [name, event] : events.items())
        rows.push_back({name, event_model(events, name).documentation});
    return table({}, rows);
}

std::string kind_of(const Field& field) {
    std::string kind;
    for (const auto& value : field.values) kind += (kind.empty() ? "" : "|") + value;
    if (kind.empty() && field.content.empty()) kind = field.type;
    if (field.repeated) kind += kind.empty() ? "repeated" : ", repeated";
    if (field.optional) kind += kind.empty() ? "optional" : ", optional";
    return kind;
}

void add_rows(const Field& field, std::size_t depth, std::vector<std::vector<std::string>>& rows) {
    for (const auto& child : field.content) {
        rows.push_back({std::string(2 * depth, ' ') + child.name, kind_of(child), child.documentation});
        add_rows(child, depth + 1, rows);
    }
}

std::string described(const Field& event) {
    std::vector<std::vector<std::string>> rows;
    add_rows(event, 1, rows);
    const std::string title =
        event.documentation.empty() ? event.name : event.name + ": " + event.documentation;
    return title + "\n" + (rows.empty() ? "" : "\n" + table({}, rows));
}

// The schema is asked for in any case: the agent's answer tells of a name that it does not know.
int show(const Common& common, const Options& options) {
    AMQPServiceProxy proxy(common.url, service_options(common));
    const auto schema = proxy.try_call("getEventSchema", nlohmann::json::array({options.name}));
    if (!schema) return failed(schema.error());
    if (options.schema) {
        print(common.json           ? json_text(*schema, false) + "\n"
              : schema->is_string() ? schema->get<std::string>()
                                    : "");
        return kSuccess;
    }
    const auto events = proxy.try_call("getEvents", nlohmann::json::array());
    if (!events) return failed(events.error());
    if (common.json)
        print(json_text(events->value(options.name, nlohmann::json()), false) + "\n");
    else
        print(described(event_model(*events, options.name)));
    return kSuccess;
}

}  // namespace

void add_events(Commands& commands) {
    auto options = std::make_shared<Options>();
    auto* command =
        commands.add(&commands.app, "events", "List the events of the catalogue, or describe one");
    command->add_option("NAME", options->name, "An event")->type_name("");
    command->add_flag("--schema", options->schema, "Write the event's XML Schema as it is");
    commands.run(command, [options](const Common& common) {
        if (!options->name.empty()) return show(common, *options);
        if (options->schema) throw UsageError{"--schema needs the NAME of an event"};
        return call_and_show(common, "getEvents", list);
    });
    add_generate(commands, command);
}

}  // namespace clacks::cli
