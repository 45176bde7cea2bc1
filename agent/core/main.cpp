// clacks-agent: options, signals and the service manager; everything else is Agent.
#include <signal.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <string>

#include "agent/core/agent.hpp"
#include "agent/core/heartbeat.hpp"
#include "agent/core/options.hpp"
#include "agent/modules/settings_table.hpp"
#include "common/service/log_settings.hpp"
#include "common/service/service_manager.hpp"

namespace {

using namespace clacks;

// For modules to end and peers to answer, beyond the time to drain.
constexpr std::chrono::seconds kStopGrace{10};

// Before any thread starts, so that all of them leave these signals to main.
sigset_t block_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    for (const int number : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, number);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    // A peer that is gone or a log file at its limit is an error of one write, not the end; and the last two
    // mean nothing here, so that they are no reason to end either.
    for (const int number : {SIGPIPE, SIGXFSZ, SIGUSR1, SIGUSR2}) signal(number, SIG_IGN);
    return signals;
}

// Until a signal asks for the end.
void serve(Agent& agent, Heartbeat& heartbeat, const sigset_t& signals) {
    int number = 0;
    while (sigwait(&signals, &number) == 0 && number == SIGHUP) {
        service_manager::reloading();
        agent.reload_later([&heartbeat](bool well) {
            heartbeat.note(well ? "" : "the last reload failed, see the log");
            service_manager::ready(well ? "reloaded" : "not reloaded, see the log");
        });
    }
    log::info(std::string("stopping on ") + (number == SIGINT ? "SIGINT" : "SIGTERM"), {"stopping", {}, {}});
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
    for (const Diagnostic& problem : problems) log::problem(log::Level::Error, problem);
    // A person at a terminal does not look into the journal.
    if (!log::on_console() && ::isatty(STDERR_FILENO) == 1)
        std::fprintf(stderr, "%s\n", to_string(problems).c_str());
    service_manager::status(to_string(problems.front()));
    return 1;
}

int run(const config::Loaded& loaded) {
    const config::Settings& settings = loaded.settings;
    const sigset_t signals = block_signals();
    log::identify(settings.core.id);
    log::start(log_level(settings.log.level), log_target(settings.log.target));
    log::info(std::string("clacks-agent ") + CLACKS_VERSION + ", node " + settings.core.id + " of " +
                  settings.core.domain,
              {"starting", {}, {}});
    auto agent = prepare(loaded);
    if (!agent) return fail(agent.error());
    if (auto started = (*agent)->start(); !started) {
        (*agent)->stop();
        return fail(started.error());
    }
    log::info("ready: " + (*agent)->summary(), {"ready", {}, {}});
    service_manager::ready((*agent)->summary());
    {
        Heartbeat heartbeat(**agent);
        serve(**agent, heartbeat, signals);
        heartbeat.stopping();
        service_manager::stopping((*agent)->drain_time() + kStopGrace);
        (*agent)->stop();
    }
    log::info("stopped", {"stopped", {}, {}});
    return 0;
}

int check(const config::Loaded& loaded) {
    log::start(log::Level::Error, log::Target::Console);
    const auto agent = prepare(loaded);
    if (agent) {
        std::printf("%s: all is well: %s\n", loaded.settings.files.front().c_str(),
                    (*agent)->summary().c_str());
        return std::fflush(stdout) == 0 ? 0 : 1;
    }
    std::fprintf(stderr, "%s\n", to_string(agent.error()).c_str());
    return 1;
}

int show_module_settings(const config::Loaded& loaded, const std::string& module) {
    Result<std::string, Diagnostics> table = loaded.problems;
    if (loaded.problems.empty()) table = settings_table(loaded.settings.agent.modules, module);
    if (!table) {
        std::fprintf(stderr, "%s\n", to_string(table.error()).c_str());
        return 1;
    }
    std::fputs(table->c_str(), stdout);
    return std::fflush(stdout) == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Clacks event agent: XML events, XQuery filters, AMQP 1.0"};
    app.name("clacks-agent");
    std::string file = config::kDefaultFile;
    bool only_check = false;
    std::string module;
    app.add_option("--config", file, "the configuration file")->capture_default_str();
    app.add_flag("--check", only_check, "check the configuration, event definitions and modules, and end");
    app.add_option("--module-settings", module, "print the table of a module's settings, and end")
        ->option_text("NAME")
        ->excludes("--check");
    app.set_version_flag("--version", std::string("clacks-agent ") + CLACKS_VERSION);
    app.footer("\n" + config::settings_help());
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    const config::Loaded loaded = config::load_all(file);
    if (!module.empty()) return show_module_settings(loaded, module);
    return only_check ? check(loaded) : run(loaded);
}
