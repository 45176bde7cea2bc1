// The one connection of a managed machine: it publishes events, receives those that an XQuery selects, and
// answers the requests that come to its own address, {d}.client.UUID.
#pragma once

#include <functional>
#include <proton/sender.hpp>
#include <string>

#include "common/client/connection.hpp"
#include "common/client/received_event.hpp"

namespace clacks::client {

// Calls come on the thread in run(), and must not block.
struct MachineEvents {
    // Takes the answer, JSON text; "" for none. From any thread; an answer after the end of the link is lost.
    using Reply = std::function<void(std::string)>;

    std::function<void()> connected;  // all links are in force
    std::function<void(const ReceivedEvent&)> received;
    std::function<void(std::string body, Reply reply)> requested;
    std::function<void(const std::string& why)> refused;  // an event or an answer was not taken
};

class MachineLink final : public Connection, public std::enable_shared_from_this<MachineLink> {
  public:
    MachineLink(const Endpoint& endpoint, const std::string& uuid, std::string xquery, MachineEvents events);

    // Sends the event before everything that is posted later, a close() included. False when there is no
    // connection. Any thread.
    bool publish(std::string document);

  private:
    void on_established(proton::connection& connection) override;
    void on_receiver_open(proton::receiver& receiver) override;
    void on_sender_open(proton::sender& sender) override;
    void on_message(proton::delivery& delivery, proton::message& message) override;
    void on_tracker_reject(proton::tracker& tracker) override;
    void request(const proton::message& message);
    void answer(const std::string& to, const proton::message_id& correlation, const std::string& body);
    void opened();

    const std::string xquery_;
    const MachineEvents events_;
    // On the thread in run():
    proton::sender event_sender_, reply_sender_;
    int open_links_ = 0;
};

}  // namespace clacks::client
