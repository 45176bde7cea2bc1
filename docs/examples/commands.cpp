// Lists the agents of the domain, then calls a command that is not there.
//   commands [URL]
#include <iostream>

#include "common/client/clacks.hpp"

int main(int argc, char** argv) {
    const std::string url = argc > 1 ? argv[1] : "amqp://admin:secret@localhost/org.clacks";
    clacks::AMQPServiceProxy proxy(url);

    // Returns JSON, or throws what went wrong
    try {
        const auto nodes = proxy.call("getNodes");
        for (const auto& [id, node] : nodes.items())
            std::cout << id << ": load " << node["load"] << ", " << node["workers"] << " workers"
                      << std::endl;
    } catch (const clacks::ServiceError& error) {
        std::cerr << error.message() << std::endl;
        return 1;
    }

    // The error as a value: the agent's code, and a message for a person
    const auto answer = proxy.try_call("getNode", nlohmann::json::array());
    if (!answer) std::cout << answer.error().code << ": " << answer.error().message << std::endl;
    return 0;
}
