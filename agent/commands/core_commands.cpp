#include "agent/commands/core_commands.hpp"

#include <nlohmann/json.hpp>

#include "agent/commands/bodies.hpp"

namespace clacks {

namespace {

using rpc::ParameterType;

CommandSpec spec(std::string name, std::vector<rpc::Parameter> parameters, std::string documentation,
                 std::string result) {
    CommandSpec made;
    made.name = std::move(name);
    made.parameters = std::move(parameters);
    made.documentation = std::move(documentation);
    made.result = std::move(result);
    return made;
}

}  // namespace

Result<void, Diagnostics> add_core_commands(CommandRegistry& registry, const CoreServices& services) {
    Diagnostics problems;
    const auto add = [&](CommandSpec command, CommandBody body) {
        if (auto added = registry.add("core", std::move(command), std::move(body)); !added)
            problems.push_back(added.error());
    };
    CommandSpec send = spec(
        "sendEvent", {{"data", ParameterType::string, true, "the event document"}},
        "Sends an event to every subscriber whose filter is true for it.",
        "true; in JSON-RPC 2.0 an object with the event's id and the number of subscriptions that matched");
    send.needs_user = true;
    add(std::move(send), commands::send_event(services));
    add(spec("getMethods",
             {{"queue", ParameterType::string, false, "only the commands that a request to this queue finds"},
              {"locale", ParameterType::string, false, "language of the documentation; there is English"}},
             "Lists all commands.",
             "an object by name, with path, target, sig, type, needsQueue, doc and provider"),
        commands::get_methods(registry, services));
    CommandSpec user =
        spec("getSessionUser", {}, "Tells who is asking.", "the name of the authenticated user");
    user.needs_user = true;
    add(std::move(user), commands::get_session_user());
    add(spec("getEvents", {}, "Lists the events of the catalogue.",
             "an object by name, with doc and elements"),
        commands::get_events(services));
    add(spec("getEventSchema", {{"name", ParameterType::string, true, "the event's name"}},
             "Gives the XML Schema of an event.", "the text of its XSD"),
        commands::get_event_schema(services));
    add(spec("getSubscriptions", {}, "Lists the subscriptions with their filters and counters.",
             "a list of objects"),
        commands::get_subscriptions(services));
    add(spec("getStatistics", {}, "Tells what all publishers have sent, and what became of it.",
             "an object of counters, with a list of publishers"),
        commands::get_statistics(services));
    if (!problems.empty()) return problems;
    return {};
}

}  // namespace clacks
