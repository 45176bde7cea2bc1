// Shows the load of each agent as it tells it, from the typed fields of NodeStatus events.
//   fields [URL]
#include <iostream>

#include "common/client/clacks.hpp"

void process(const clacks::ReceivedEvent& event) {
    // Kept, as several fields are read
    const clacks::EventNode status = event["NodeStatus"];

    // Throws EventError where the field is missing or is of another type; the consumer tells its log
    const auto id = status["Id"].as<std::string>();
    const auto load = status["Load"].as<double>();
    const auto workers = status["Workers"].as<unsigned>();
    std::cout << id << ": load " << load << ", " << workers << " workers";

    // An optional field
    if (const auto indexed = status["Indexed"])
        std::cout << (indexed.as<bool>() ? ", indexed" : ", not indexed");

    // The error as a value
    if (const auto latency = status["Latency"].try_as<double>())
        std::cout << ", latency " << *latency << std::endl;
    else
        std::cout << ", " << to_string(latency.error()) << std::endl;
}

int main(int argc, char** argv) {
    const std::string url = argc > 1 ? argv[1] : "amqps://admin:secret@localhost/org.clacks";

    clacks::ConsumerOptions options;
    options.log = [](std::string_view line) { std::cerr << line << std::endl; };

    clacks::AMQPEventConsumer consumer(url, "e:Event/e:NodeStatus", process, options);
    if (const auto ended = consumer.join(); !ended) {
        std::cerr << to_string(ended.error()) << std::endl;
        return 1;
    }
    return 0;
}
