// A bus with a handler that takes every document and echoes every request, for the hostile peers.
// Prints a line "PORT NUMBER" once it listens; ends at SIGTERM or the end of its input.
#include <sys/resource.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "common/amqp/sasldb.hpp"
#include "tests/support/echo_handler.hpp"

int main(int argc, char** argv) {
    clacks::BusOptions options;
    options.listeners = {{}};
    options.node = "fixture";
    int deadline = 1000, idle = 60000, descriptors = 0;
    CLI::App app("A bus for tests");
    app.add_option("--sasldb", options.sasldb)->required();
    app.add_option("--deadline", deadline, "milliseconds until a connection must be open");
    app.add_option("--idle", idle, "milliseconds");
    app.add_option("--queue-events", options.queue_events);
    app.add_option("--descriptors", descriptors, "limit of open files");
    CLI11_PARSE(app, argc, argv);
    options.open_deadline = std::chrono::milliseconds(deadline);
    options.idle_timeout = std::chrono::milliseconds(idle);
    options.log = [](clacks::BusLogLevel, const std::string& line) {
        std::fprintf(stderr, "%s\n", line.c_str());
    };
    if (descriptors > 0) {
        const rlimit limit{static_cast<rlim_t>(descriptors), static_cast<rlim_t>(descriptors)};
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
    if (auto set = clacks::amqp::set_password(options.sasldb, options.realm, "admin", "secret"); !set) {
        std::fprintf(stderr, "%s\n", to_string(set.error()).c_str());
        return 1;
    }
    clacks::tests::EchoHandler handler;
    clacks::Bus bus(options, handler);
    if (auto started = bus.start(); !started) {
        std::fprintf(stderr, "%s\n", to_string(started.error()).c_str());
        return 1;
    }
    std::printf("PORT %u\n", unsigned{bus.ports().front()});
    std::fflush(stdout);
    char byte = 0;
    while (::read(0, &byte, 1) > 0) {
    }
    bus.stop();
    return 0;
}
