#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>

#include "common/base/text.hpp"
#include "common/cli/bindings.hpp"
#include "common/cli/command.hpp"
#include "common/cli/output.hpp"
#include "common/cli/service.hpp"
#include "common/events/catalogue.hpp"

namespace clacks::cli {

namespace {

struct Options {
    std::string language;
    std::string name_space = "events";
    std::string output;
    std::vector<std::string> folders;
};

Field field_of(const events::ElementInfo& element) {
    Field field;
    field.name = element.name;
    field.type = element.type;
    field.documentation = element.documentation;
    field.optional = element.min_occurs == 0;
    field.repeated = element.max_occurs != 1;
    field.values = element.enumeration;
    for (const auto& child : element.children) field.content.push_back(field_of(child));
    return field;
}

// All events of the folders' definitions.
Result<std::vector<Field>, Diagnostics> from_folders(const std::vector<std::string>& folders) {
    const auto catalogue = events::Catalogue::load({folders.begin(), folders.end()});
    if (!catalogue) return catalogue.error();
    std::vector<Field> all;
    for (const auto& type : (*catalogue)->types()) {
        all.push_back(field_of(type.content));
        all.back().documentation = type.documentation;
    }
    return all;
}

// All events that the agent knows.
Result<std::vector<Field>, rpc::Error> from_agent(const Common& common) {
    const auto answer = call(common, "getEvents");
    if (!answer) return answer.error();
    std::vector<Field> all;
    if (answer->is_object())
        for (const auto& entry : answer->items()) all.push_back(event_model(*answer, entry.key()));
    return all;
}

// Those of the names, in their order; each once.
Result<std::vector<Field>> chosen(const std::vector<Field>& all, const std::vector<std::string>& names) {
    std::vector<Field> list;
    std::vector<std::string> known;
    known.reserve(all.size());
    for (const Field& field : all) known.push_back(field.name);
    for (const std::string& name : names) {
        const auto has_name = [&](const Field& field) { return field.name == name; };
        if (std::any_of(list.begin(), list.end(), has_name)) continue;
        const auto found = std::find_if(all.begin(), all.end(), has_name);
        if (found == all.end()) {
            const std::string near = nearest(name, known);
            Diagnostic why;
            why.code = "event-unknown";
            why.message = "there is no event '" + one_line(name, 80) + "'";
            why.hint = near.empty() ? "'clacks events' lists them" : "did you mean '" + near + "'?";
            return why;
        }
        list.push_back(*found);
    }
    return list;
}

int write(const std::string& text, const std::string& path) {
    if (path.empty()) {
        print(text);
        return kSuccess;
    }
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << text;
    file.close();
    if (file) return kSuccess;
    Diagnostic why;
    why.message = "'" + one_line(path) + "' cannot be written";
    why.hint = "is the folder there, and yours?";
    return failed(why);
}

int generate(const Common& common, const Options& options, const std::vector<std::string>& names) {
    std::vector<Field> all;
    if (options.folders.empty()) {
        auto events = from_agent(common);
        if (!events) return failed(events.error());
        all = std::move(events).value();
    } else {
        auto events = from_folders(options.folders);
        if (!events) {
            for (const auto& problem : events.error()) failed(problem);
            return kFailed;
        }
        all = std::move(events).value();
    }
    const auto events = chosen(all, names);
    if (!events) return failed(events.error());
    return write(
        options.language == "python" ? python_bindings(*events) : cpp_bindings(*events, options.name_space),
        options.output);
}

}  // namespace

void add_generate(Commands& commands, CLI::App* events) {
    auto options = std::make_shared<Options>();
    auto* command = commands.add(events, "generate", "Write typed classes of events for programs");
    command->add_option("-l,--language", options->language, "c++ or python")
        ->required()
        ->type_name("NAME")
        ->check(CLI::IsMember({"c++", "python"}));
    command
        ->add_option(
            "--folder", options->folders,
            "Take the definitions from this folder of XSD files, not from an agent; may be given again")
        ->type_name("DIR")
        ->allow_extra_args(false);  // names follow it
    command->add_option("--namespace", options->name_space, "Of the C++ classes (default: events)")
        ->type_name("NAME")
        ->check([](const std::string& name) {
            static const std::regex form("[A-Za-z][A-Za-z0-9_]*(::[A-Za-z][A-Za-z0-9_]*)*");
            return std::regex_match(name, form) ? "" : "a namespace is a name, or several joined by '::'";
        });
    command->add_option("-o,--output", options->output, "Write this file (default: standard output)")
        ->type_name("FILE");
    const Words names(command, "NAME", "The events", Words::at_least_one);
    commands.run(command,
                 [options, names](const Common& common) { return generate(common, *options, names.read()); });
}

}  // namespace clacks::cli
