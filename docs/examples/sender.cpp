// Sends one PhoneStatus event.
//   sender [URL]
#include <iostream>

#include "common/client/clacks.hpp"

int main(int argc, char** argv) {
    const std::string url = argc > 1 ? argv[1] : "amqp://admin:secret@localhost/org.clacks";

    // Connect to AMQP bus
    clacks::AMQPServiceProxy proxy(url);

    // Example of building event without direct strings...
    const clacks::EventMaker e;
    const auto status = e("Event", e("PhoneStatus",                //
                                     e("CallerId", "012345"),      //
                                     e("ReceiverId", "12343424"),  //
                                     e("Status", "busy")));

    // ... which in turn needs to be converted to a string, and sent
    try {
        proxy.call("sendEvent", status.str());
    } catch (const clacks::ServiceError& error) {
        std::cerr << error.message() << std::endl;
        return 1;
    }
    return 0;
}
