// The program `clacks`.
#include <csignal>
#include <iostream>

#include "common/base/text.hpp"
#include "common/cli/command.hpp"
#include "common/cli/output.hpp"

namespace clacks::cli {
namespace {

std::vector<std::string> names_of(const CLI::App& app) {
    std::vector<std::string> names;
    for (const auto* command : app.get_subcommands(nullptr)) names.push_back(command->get_name());
    return names;
}

// CLI11 tells an unknown command as a missing one.
std::string unknown_command(const CLI::App& app, int argc, char** argv) {
    const auto names = names_of(app);
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        if (word == "--url" || word == "--ca" || word == "--certificate" || word == "--private-key") ++i;
        if (word.starts_with("-")) continue;
        if (std::find(names.begin(), names.end(), word) != names.end()) return {};
        const std::string near = nearest(word, names);
        return "there is no command '" + one_line(word, 80) + "'" +
               (near.empty() ? "" : "; did you mean '" + near + "'?");
    }
    return {};
}

int usage(const std::string& what, const std::string& command) {
    say(what + (what.ends_with('?') ? " See" : "; see") + " 'clacks " +
        (command.empty() ? "" : command + " ") + "--help'");
    return kUsage;
}

int run(int argc, char** argv) {
    CLI::App app("Sends and receives events, and calls commands, at a Clacks agent.", "clacks");
    app.set_version_flag("--version", std::string("clacks ") + CLACKS_VERSION);
    app.require_subcommand(1);
    Commands commands(app);
    add_send(commands);
    add_listen(commands);
    add_call(commands);
    add_methods(commands);
    add_events(commands);
    add_nodes(commands);
    add_subscriptions(commands);
    add_top(commands);
    add_filter(commands);
    add_xquery(commands);
    add_acl(commands);
    add_user(commands);
    try {
        restore_lists(app);
        auto words = hidden_lists(argc, argv);
        app.parse(words);
    } catch (const CLI::Success& success) {
        return app.exit(success);
    } catch (const CLI::ParseError& error) {
        const std::string unknown = unknown_command(app, argc, argv);
        const auto chosen = app.get_subcommands();
        return usage(unknown.empty() ? error.what() : unknown,
                     chosen.empty() ? "" : chosen.front()->get_name());
    }
    try {
        const int status = commands.chosen(commands.common);
        const std::string failure = output_failure();
        if (failure.empty()) return status;
        say(failure);
        return kFailed;
    } catch (const UsageError& error) {
        return usage(error.message, commands.chosen_name);
    }
}

}  // namespace
}  // namespace clacks::cli

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);
    try {
        return clacks::cli::run(argc, argv);
    } catch (const std::exception& error) {
        clacks::cli::say(std::string("stopped by an internal error: ") + error.what());
        return clacks::cli::kFailed;
    }
}
