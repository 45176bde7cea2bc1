// clacks-agent: options, signals and the service manager; everything else is Agent.
#include <signal.h>
#include <systemd/sd-daemon.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>

#include "agent/core/agent.hpp"
#include "common/log/log.hpp"

namespace {

using namespace clacks;

log::Level level_of(config::LogLevel level) {
    switch (level) {
        case config::LogLevel::Debug:
            return log::Level::Debug;
        case config::LogLevel::Info:
            return log::Level::Info;
        case config::LogLevel::Warning:
            return log::Level::Warning;
        case config::LogLevel::Error:
            return log::Level::Error;
    }
    return log::Level::Info;
}

int fail(const Diagnostics& problems) {
    std::fprintf(stderr, "%s\n", to_string(problems).c_str());
    return 1;
}

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
        (void)agent.reload();
        sd_notify(0, "READY=1");
    }
    log::info(std::string("stopping on ") + (number == SIGINT ? "SIGINT" : "SIGTERM"));
}

int run(const config::Settings& settings) {
    const sigset_t signals = block_signals();
    log::start(level_of(settings.log.level), settings.log.target == config::LogTarget::Journal
                                                 ? log::Target::Journal
                                                 : log::Target::Console);
    auto agent = Agent::make(settings);
    if (!agent) return fail(agent.error());
    if (auto started = (*agent)->start(); !started) {
        (*agent)->stop();
        return fail(started.error());
    }
    log::info("agent '" + settings.core.id + "' of " + settings.core.domain + " is ready, with " +
              std::to_string((*agent)->event_types()) + " event definitions");
    sd_notify(0, "READY=1");
    serve(**agent, signals);
    sd_notify(0, "STOPPING=1");
    (*agent)->stop();
    log::info("stopped: " + (*agent)->status());
    log::flush();
    return 0;
}

int check(const config::Settings& settings) {
    auto agent = Agent::make(settings);
    if (!agent) return fail(agent.error());
    std::printf("all is well: %zu event definitions\n", (*agent)->event_types());
    return 0;
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
    auto settings = config::load(file);
    if (!settings) return fail(settings.error());
    return only_check ? check(*settings) : run(*settings);
}
