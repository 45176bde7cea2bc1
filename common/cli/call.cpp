#include "common/cli/command.hpp"
#include "common/cli/output.hpp"
#include "common/cli/service.hpp"

namespace clacks::cli {

namespace {

struct Options {
    std::string parameters;  // JSON
    std::string queue = "core";
    std::string node;
};

// JSON where it is that, else the text itself.
nlohmann::json argument(const std::string& text) {
    auto value = nlohmann::json::parse(text, nullptr, false);
    return value.is_discarded() ? nlohmann::json(text) : value;
}

nlohmann::json parameters_of(const Options& options, const std::vector<std::string>& arguments) {
    if (options.parameters.empty()) {
        auto list = nlohmann::json::array();
        for (const auto& text : arguments) list.push_back(argument(text));
        return list;
    }
    if (!arguments.empty()) throw UsageError{"give either ARG or --params"};
    auto value = nlohmann::json::parse(options.parameters, nullptr, false);
    if (!value.is_structured()) throw UsageError{"--params takes a JSON list or object"};
    return value;
}

int call_method(const Common& common, const Options& options, const std::string& method,
                const std::vector<std::string>& arguments) {
    ServiceOptions service = service_options(common);
    service.queue = options.queue;
    service.node = options.node;
    AMQPServiceProxy proxy(common.url, service);
    const auto result = proxy.try_call(method, parameters_of(options, arguments));
    if (!result) return failed(result.error());
    const bool text = !common.json && result->is_string();
    print((text ? result->get<std::string>() : json_text(*result, !common.json)) + "\n");
    return kSuccess;
}

}  // namespace

void add_call(Commands& commands) {
    auto options = std::make_shared<Options>();
    auto* command = commands.add(&commands.app, "call", "Call a command of the agent");
    const Words method(command, "METHOD", "Its name, as 'clacks methods' lists it", Words::one);
    const Words arguments(command, "ARG", "Its parameters, in order", Words::any);
    command->add_option("-p,--params", options->parameters, "All parameters, a JSON list or object by name")
        ->type_name("JSON");
    command->add_option("--queue", options->queue, "Who is asked: core (the default), or a module's name")
        ->type_name("NAME");
    command->add_option("--node", options->node, "Only this agent")->type_name("ID");
    commands.run(command, [options, method, arguments](const Common& common) {
        return call_method(common, *options, method.read().front(), arguments.read());
    });
    command->footer(
        "An ARG that is JSON (7, true, [1,2], {\"a\":1}, \"7\") is sent as that, any other as a string.\n"
        "A result that is a string is written as it is, others as JSON.\n\n"
        "Example:\n  clacks call getEventSchema PhoneStatus");
}

}  // namespace clacks::cli
