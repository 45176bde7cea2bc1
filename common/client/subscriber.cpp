#include "common/client/subscriber.hpp"

#include <proton/delivery.hpp>
#include <proton/message.hpp>
#include <proton/receiver_options.hpp>

#include "common/amqp/addresses.hpp"
#include "common/amqp/filter.hpp"
#include "common/client/decode.hpp"
#include "common/client/filtered_source.hpp"

namespace clacks::client {

Subscriber::Subscriber(const Endpoint& endpoint, std::string xquery, bool lenient, SubscriberEvents events)
    : Connection(endpoint, amqp::event_address(endpoint.domain)),
      xquery_(std::move(xquery)),
      lenient_(lenient),
      events_(std::move(events)) {}

void Subscriber::consumed(int count) {
    post([this, count] { receiver_.add_credit(static_cast<std::uint32_t>(count)); });
}

void Subscriber::on_established(proton::connection& connection) {
    proton::source_options source = filtered_source(address(), xquery_);
    // Settled by the agent: an event that is lost with its connection is not sent again anyway.
    proton::receiver_options options;
    options.source(source).credit_window(0).delivery_mode(proton::delivery_mode::AT_MOST_ONCE);
    if (lenient_) options.properties({{std::string(amqp::kLenient), true}});
    connection.open_receiver(address(), options);
}

// Credit, and with it the first event, only for the filter that was asked for.
void Subscriber::on_receiver_open(proton::receiver& receiver) {
    if (refused(receiver)) return;  // the detach that follows says why
    if (auto failure = filter_failure(receiver, xquery_, endpoint().url)) return fail(std::move(*failure));
    receiver_ = receiver;
    receiver.add_credit(kCredit);
    ready();
    events_.subscribed();
}

void Subscriber::on_message(proton::delivery&, proton::message& message) {
    events_.received(decode_event(message));
}

}  // namespace clacks::client
