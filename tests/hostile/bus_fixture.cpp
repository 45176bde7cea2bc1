// A bus with a handler that takes every document and echoes every request, for tests from outside.
// Prints "PORT NUMBER" for each listener once all of them listen, the intake's last, log lines on standard
// error, and at the end its counters, one "COUNTER NAME NUMBER" a line. Ends at SIGTERM, also when its parent
// dies.
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "common/amqp/sasldb.hpp"
#include "common/base/url.hpp"
#include "tests/support/echo_handler.hpp"

namespace {

int fail(const std::string& why) {
    std::fprintf(stderr, "%s\n", why.c_str());
    return 1;
}

void show(const clacks::BusCounters& counters) {
    for (const auto& [name, value] :
         {std::pair{"connections", &counters.connections}, std::pair{"open", &counters.open},
          std::pair{"refused", &counters.refused}, std::pair{"auth_failures", &counters.auth_failures},
          std::pair{"links_refused", &counters.links_refused}, std::pair{"published", &counters.published},
          std::pair{"rejected", &counters.rejected},
          std::pair{"rejected_presettled", &counters.rejected_presettled},
          std::pair{"requests", &counters.requests}, std::pair{"replies_lost", &counters.replies_lost},
          std::pair{"delivered", &counters.delivered}, std::pair{"dropped", &counters.dropped}})
        std::printf("COUNTER %s %llu\n", name, static_cast<unsigned long long>(value->load()));
}

}  // namespace

int main(int argc, char** argv) {
    clacks::BusOptions options;
    options.node = "fixture";
    int deadline = 5000, idle = 60000, stop = 2000, descriptors = 0;
    std::vector<std::string> listen, users{"admin:secret"};
    std::string intake;
    CLI::App app("A bus for tests");
    app.add_option("--sasldb", options.sasldb)->required();
    app.add_option("--listen", listen, "URLs, instead of amqp://127.0.0.1:0");
    app.add_option("--user", users, "NAME:PASSWORD");
    app.add_option("--intake", intake, "URL of an intake with its address; it logs the bodies it gets");
    app.add_option("--certificate", options.certificate.chain);
    app.add_option("--key", options.certificate.key);
    app.add_option("--deadline", deadline, "milliseconds until a connection must be open");
    app.add_option("--idle", idle, "milliseconds");
    app.add_option("--stop", stop, "milliseconds for sending what is queued at the end");
    app.add_option("--queue-events", options.queue_events);
    app.add_option("--links", options.links);
    app.add_option("--connection-bytes", options.connection_bytes, "that a connection's queues hold");
    app.add_option("--held-bytes", options.held_bytes, "that all connections' queues hold");
    app.add_option("--max-connections", options.max_connections);
    app.add_option("--descriptors", descriptors, "limit of open files");
    CLI11_PARSE(app, argc, argv);
    options.open_deadline = std::chrono::milliseconds(deadline);
    options.idle_timeout = std::chrono::milliseconds(idle);
    options.log = [](clacks::BusLogLevel, const std::string& line) {
        std::fprintf(stderr, "%s\n", line.c_str());
    };
    if (listen.empty()) listen = {"amqp://127.0.0.1:0"};
    for (const auto& text : listen) {
        auto url = clacks::parse_url(text);
        if (!url) return fail(to_string(url.error()));
        options.listeners.push_back({url->host, url->port, url->tls()});
    }
    if (descriptors > 0) {
        const rlimit limit{static_cast<rlim_t>(descriptors), static_cast<rlim_t>(descriptors)};
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
    for (const auto& user : users) {
        const auto colon = user.find(':');
        auto set = clacks::amqp::set_password(options.sasldb, options.realm, user.substr(0, colon),
                                              user.substr(colon + 1));
        if (!set) return fail(to_string(set.error()));
    }
    // Before the bus starts its thread, so that the signal comes to sigwait() below.
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);

    clacks::tests::EchoHandler handler;
    clacks::Bus bus(options, handler);
    if (auto started = bus.start(); !started) return fail(to_string(started.error()));
    for (const auto port : bus.ports()) std::printf("PORT %u\n", unsigned{port});
    if (!intake.empty()) {
        const auto url = clacks::parse_url(intake);
        if (!url) return fail(to_string(url.error()));
        auto port = bus.open_intake({url->host, url->port, url->path}, [](const std::string& body) {
            std::fprintf(stderr, "intake: %s\n", body.c_str());
            return body != "the end";
        });
        if (!port) return fail(to_string(port.error()));
        std::printf("PORT %u\n", unsigned{*port});
    }
    std::printf("READY\n");
    std::fflush(stdout);
    int signal = 0;
    ::sigwait(&signals, &signal);
    bus.stop(std::chrono::milliseconds(stop));
    show(bus.counters());
    return handler.subscriptions() == 0 ? 0 : fail("subscriptions were left over");
}
