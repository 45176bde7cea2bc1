// clacks-client: options, signals and the configuration; everything else is Daemon.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <string>

#include "agent/client/daemon.hpp"
#include "agent/client/settings.hpp"
#include "common/log/log.hpp"
#include "common/service/log_settings.hpp"
#include "common/service/service_manager.hpp"

namespace {

using namespace clacks;

// Before any thread starts, so that all of them leave these signals to the loop.
sigset_t block_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    for (const int number : {SIGTERM, SIGINT}) sigaddset(&signals, number);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    // Of programs that were started nobody waits for the end.
    for (const int number : {SIGPIPE, SIGCHLD}) signal(number, SIG_IGN);
    return signals;
}

// What a start and --check have in common.
Result<client::Endpoint, Diagnostics> prepare(const machine::Loaded& loaded) {
    if (!loaded.problems.empty()) return loaded.problems;
    ConnectOptions options;
    options.ca = loaded.settings.ca.string();
    options.certificate = loaded.settings.certificate.string();
    options.private_key = loaded.settings.private_key.string();
    auto endpoint = client::make_endpoint(loaded.settings.url, options);
    if (!endpoint) return Diagnostics{std::move(endpoint).error()};
    return std::move(endpoint).value();
}

int run(const machine::Settings& settings, const client::Endpoint& endpoint) {
    const sigset_t signals = block_signals();
    log::info("clacks-client " CLACKS_VERSION ", client " + settings.id + " (" + settings.name + ")",
              {"starting", {}, {}});
    try {
        const int number = machine::Daemon(settings, endpoint, signals).run();
        log::info(std::string("stopped by ") + (number == SIGINT ? "SIGINT" : "SIGTERM"),
                  {"stopped", {}, {}});
        return 0;
    } catch (const std::exception& error) {
        log::error(error.what());
        return 1;
    }
}

int fail(const Diagnostics& problems, bool only_check) {
    if (only_check) {
        std::fprintf(stderr, "%s\n", to_string(problems).c_str());
        return 1;
    }
    for (const Diagnostic& problem : problems) log::problem(log::Level::Error, problem);
    service_manager::status(to_string(problems.front()));
    return 1;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Clacks client: tells the agent of this machine"};
    app.name("clacks-client");
    std::string file = machine::kDefaultFile;
    bool only_check = false;
    app.add_option("--config", file, "the configuration file")->capture_default_str();
    app.add_flag("--check", only_check, "check the configuration, and end");
    app.set_version_flag("--version", std::string("clacks-client ") + CLACKS_VERSION);
    app.footer("\n" + machine::settings_help());
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    const machine::Loaded loaded = machine::load(file);
    if (!only_check) log::start(log_level(loaded.settings.log_level), log_target(loaded.settings.log_target));
    const auto endpoint = prepare(loaded);
    if (!endpoint) return fail(endpoint.error(), only_check);
    if (!only_check) return run(loaded.settings, *endpoint);
    std::printf("%s: all is well: client %s (%s) of %s\n", file.c_str(), loaded.settings.id.c_str(),
                loaded.settings.name.c_str(), endpoint->url.shown().c_str());
    return 0;
}
