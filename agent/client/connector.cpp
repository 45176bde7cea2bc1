#include "agent/client/connector.hpp"

#include <utility>

#include "common/client/backoff.hpp"

namespace clacks::machine {

Connector::Connector(client::Endpoint endpoint, std::string uuid, std::string xquery, Events events)
    : endpoint_(std::move(endpoint)),
      uuid_(std::move(uuid)),
      xquery_(std::move(xquery)),
      events_(std::move(events)),
      thread_([this] { run(); }) {}

Connector::~Connector() {
    {
        const std::lock_guard lock(mutex_);
        closing_ = true;
        if (link_) link_->close();
    }
    changed_.notify_all();
    thread_.join();
}

bool Connector::publish(std::string document) {
    const std::lock_guard lock(mutex_);
    return link_ && link_->publish(std::move(document));
}

// Also after a refused login: an administrator may still mend it at the agent.
void Connector::run() {
    client::Backoff backoff(client::uniform_random());
    std::string told;
    do {
        bool connected = false;
        client::MachineEvents events = events_.link;
        events.connected = [&] {
            connected = true;
            events_.link.connected();
        };
        const auto link = std::make_shared<client::MachineLink>(endpoint_, uuid_, xquery_, std::move(events));
        {
            const std::lock_guard lock(mutex_);
            if (closing_) return;
            link_ = link;
        }
        const auto failure = link->run();
        {
            const std::lock_guard lock(mutex_);
            link_.reset();
        }
        if (!failure) return;
        if (connected) backoff.reset();
        if (connected || told != failure->diagnostic.code)
            events_.disconnected(to_string(failure->diagnostic));
        told = failure->diagnostic.code;
    } while (pause(backoff.next()));
}

// False when it is time to end.
bool Connector::pause(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    return !changed_.wait_for(lock, time, [&] { return closing_; });
}

}  // namespace clacks::machine
