// Keeps the connection to the agent: connects, and connects again after a random pause when it is lost.
//
// Thread safety: any thread may call; what it is told of comes on a thread of its own.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "common/client/endpoint.hpp"
#include "common/client/machine_link.hpp"

namespace clacks::machine {

class Connector {
  public:
    struct Events {
        client::MachineEvents link;
        // Not connected any more, or not yet, and why; told once for each reason.
        std::function<void(const std::string& why)> disconnected;
    };

    // Begins at once.
    Connector(client::Endpoint endpoint, std::string uuid, std::string xquery, Events events);
    ~Connector();  // closes, after what was published
    Connector(const Connector&) = delete;
    Connector& operator=(const Connector&) = delete;

    // False where there is no connection: the event is lost.
    bool publish(std::string document);

  private:
    void run();
    bool pause(std::chrono::milliseconds time);

    const client::Endpoint endpoint_;
    const std::string uuid_, xquery_;
    const Events events_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool closing_ = false;
    std::shared_ptr<client::MachineLink> link_;
    std::thread thread_;  // last, so that all above is there when it starts
};

}  // namespace clacks::machine
