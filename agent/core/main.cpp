// clacks-agent: options, signals and the service manager; everything else is Agent.
#include <signal.h>
#include <systemd/sd-daemon.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <string>

#include "agent/core/agent.hpp"
#include "agent/core/options.hpp"

namespace {

using namespace clacks;

// Before any thread starts, so that all of them leave these signals to main.
sigset_t block_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    for (const int number : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, number);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    signal(SIGPIPE, SIG_IGN);
    return signals;
}

// Until a signal asks for the end.
void serve(Agent& agent, const sigset_t& signals) {
    int number = 0;
    while (sigwait(&signals, &number) == 0 && number == SIGHUP) {
        sd_notify(0, "RELOADING=1");
        agent.reload_later([] { sd_notify(0, "READY=1"); });
    }
    log::info(std::string("stopping on ") + (number == SIGINT ? "SIGINT" : "SIGTERM"));
}

// What a start and --check have in common.
Result<std::unique_ptr<Agent>, Diagnostics> prepare(const config::Loaded& loaded) {
    Diagnostics problems = loaded.problems;
    const bool read = std::none_of(problems.begin(), problems.end(),
                                   [](const Diagnostic& found) { return found.code == "config-file"; });
    // Settings that could not be read have their defaults; of an unreadable file there is no more to tell.
    if (!read) return problems;
    auto agent = Agent::make(loaded.settings);
    if (!agent) problems.insert(problems.end(), agent.error().begin(), agent.error().end());
    if (!problems.empty()) return problems;
    return agent;
}

int fail(const Diagnostics& problems) {
    for (const Diagnostic& problem : problems) log::error(to_string(problem));
    log::flush();
    return 1;
}

int run(const config::Loaded& loaded) {
    const config::Settings& settings = loaded.settings;
    const sigset_t signals = block_signals();
    log::start(log_level(settings.log.level), log_target(settings.log.target));
    log::info(std::string("clacks-agent ") + CLACKS_VERSION + ", node " + settings.core.id + " of " +
              settings.core.domain);
    auto agent = prepare(loaded);
    if (!agent) return fail(agent.error());
    if (auto started = (*agent)->start(); !started) {
        (*agent)->stop();
        return fail(started.error());
    }
    log::info("ready: " + (*agent)->summary());
    sd_notify(0, "READY=1");
    serve(**agent, signals);
    sd_notify(0, "STOPPING=1");
    (*agent)->stop();
    log::info("stopped");
    log::flush();
    return 0;
}

int check(const config::Loaded& loaded) {
    log::start(log::Level::Error, log::Target::Console);
    const auto agent = prepare(loaded);
    if (agent) {
        std::printf("%s: all is well: %s\n", loaded.settings.files.front().c_str(),
                    (*agent)->summary().c_str());
        return 0;
    }
    std::fprintf(stderr, "%s\n", to_string(agent.error()).c_str());
    return 1;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Clacks event agent: XML events, XQuery filters, AMQP 1.0"};
    app.name("clacks-agent");
    std::string file = config::kDefaultFile;
    bool only_check = false;
    app.add_option("--config", file, "the configuration file")->capture_default_str();
    app.add_flag("--check", only_check, "check the configuration, event definitions and modules, and end");
    app.set_version_flag("--version", std::string("clacks-agent ") + CLACKS_VERSION);
    app.footer("\n" + config::settings_help());
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    const config::Loaded loaded = config::load_all(file);
    return only_check ? check(loaded) : run(loaded);
}
