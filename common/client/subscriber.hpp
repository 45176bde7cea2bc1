// A connection with one receiver at the event address, whose filter the agent has confirmed.
#pragma once

#include <functional>
#include <proton/receiver.hpp>
#include <string>

#include "common/client/connection.hpp"
#include "common/client/received_event.hpp"

namespace clacks::client {

// Calls come on the thread in run().
struct SubscriberEvents {
    std::function<void()> subscribed;  // the filter is in force
    std::function<void(Result<ReceivedEvent>)> received;
};

class Subscriber final : public Connection {
  public:
    // As many events may be on their way or wait to be consumed.
    static constexpr int kCredit = 200;

    // `lenient`: the filter need not be one that an event can match yet.
    Subscriber(const Endpoint& endpoint, std::string xquery, bool lenient, SubscriberEvents events);

    // So many events were consumed, so that as many more may come. Any thread.
    void consumed(int count);

  private:
    void on_established(proton::connection& connection) override;
    void on_receiver_open(proton::receiver& receiver) override;
    void on_message(proton::delivery& delivery, proton::message& message) override;

    const std::string xquery_;
    const bool lenient_;
    const SubscriberEvents events_;
    proton::receiver receiver_;
};

}  // namespace clacks::client
