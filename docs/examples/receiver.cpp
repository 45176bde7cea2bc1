// Shows each PhoneStatus event that is sent while it runs.
//   receiver [URL]
#include <iostream>

#include "common/client/clacks.hpp"

// Event callback
void process(const clacks::ReceivedEvent& event) {
    std::cout << event.document << std::endl;
}

int main(int argc, char** argv) {
    const std::string url = argc > 1 ? argv[1] : "amqps://admin:secret@localhost/org.clacks";

    clacks::ConsumerOptions options;
    options.log = [](std::string_view line) { std::cerr << line << std::endl; };

    // Create event consumer
    clacks::AMQPEventConsumer consumer(url, R"(
            declare namespace f='http://www.gonicus.de/Events';
            let $e := ./f:Event
            return $e/f:PhoneStatus
        )",
                                       process, options);

    // Waits for the end, which only a refused login or filter brings
    if (const auto ended = consumer.join(); !ended) {
        std::cerr << to_string(ended.error()) << std::endl;
        return 1;
    }
    return 0;
}
