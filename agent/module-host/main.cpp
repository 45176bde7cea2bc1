// clacks-module-host FILE: runs the module of that file for the agent that started it, at the other end of
// descriptor 3.
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include <cstdio>
#include <exception>

#include "agent/module-host/program.hpp"

int main(int count, char** arguments) {
    int type = 0;
    socklen_t length = sizeof type;
    if (count != 2 || ::getsockopt(clacks::wire::kDescriptor, SOL_SOCKET, SO_TYPE, &type, &length) != 0) {
        std::fprintf(stderr,
                     "clacks-module-host is started by clacks-agent, for a module with 'process = own'\n");
        return 2;
    }
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    // The service manager sends its signals to every process of the service; the agent stops this one in
    // order.
    for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGPIPE}) ::signal(number, SIG_IGN);
    try {
        return clacks::ModuleProgram(clacks::wire::kDescriptor, arguments[1]).run();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "clacks-module-host: %s\n", error.what());
        return 1;
    }
}
