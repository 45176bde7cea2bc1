#include "common/client/machine_link.hpp"

#include <proton/binary.hpp>
#include <proton/delivery.hpp>
#include <proton/message.hpp>
#include <proton/message_id.hpp>
#include <proton/receiver.hpp>
#include <proton/receiver_options.hpp>
#include <proton/sender_options.hpp>
#include <proton/target_options.hpp>
#include <proton/tracker.hpp>

#include "common/amqp/addresses.hpp"
#include "common/client/decode.hpp"
#include "common/client/filtered_source.hpp"
#include "common/client/raw.hpp"

namespace clacks::client {

namespace {

constexpr int kLinks = 4;
// Events and requests that may be on their way here.
constexpr int kCredit = 20;

proton::message data_message(const std::string& body, const char* content_type) {
    proton::message message(proton::binary(body.begin(), body.end()));
    message.inferred(true);  // a data section
    message.content_type(content_type);
    return message;
}

}  // namespace

MachineLink::MachineLink(const Endpoint& endpoint, const std::string& uuid, std::string xquery,
                         MachineEvents events)
    : Connection(endpoint, amqp::client_address(endpoint.domain, uuid)),
      xquery_(std::move(xquery)),
      events_(std::move(events)) {}

bool MachineLink::publish(std::string document) {
    return post([this, document = std::move(document)] {
        event_sender_.send(data_message(document, "application/xml"));
    });
}

void MachineLink::on_established(proton::connection& connection) {
    const std::string events = amqp::event_address(endpoint().domain);
    event_sender_ = connection.open_sender(events);
    // For answers, each with its own address.
    proton::target_options relay;
    relay.anonymous(true);
    reply_sender_ = connection.open_sender("", proton::sender_options().target(relay));
    proton::source_options source = filtered_source(events, xquery_);
    connection.open_receiver(events,
                             proton::receiver_options().source(source).credit_window(kCredit).delivery_mode(
                                 proton::delivery_mode::AT_MOST_ONCE));
    connection.open_receiver(address(), proton::receiver_options().credit_window(kCredit));
}

void MachineLink::on_receiver_open(proton::receiver& receiver) {
    if (refused(receiver)) return;  // the detach that follows says why
    if (receiver.source().address() != address())
        if (auto failure = filter_failure(receiver, xquery_, endpoint().url))
            return fail(std::move(*failure));
    opened();
}

void MachineLink::on_sender_open(proton::sender& sender) {
    if (pn_terminus_get_type(pn_link_remote_target(raw(sender))) != PN_UNSPECIFIED) opened();
}

void MachineLink::opened() {
    if (++open_links_ < kLinks) return;
    ready();
    events_.connected();
}

void MachineLink::on_message(proton::delivery& delivery, proton::message& message) {
    if (delivery.receiver().source().address() == address()) return request(message);
    if (const auto event = decode_event(message)) events_.received(*event);
}

void MachineLink::request(const proton::message& message) {
    auto body = body_of(message);
    if (!body) return events_.refused("a request could not be read: " + body.error().message);
    events_.requested(std::move(*body), [weak = weak_from_this(), to = message.reply_to(),
                                         id = message.correlation_id()](std::string text) {
        const auto self = weak.lock();
        if (!self || text.empty()) return;
        self->post([self = self.get(), to, id, text = std::move(text)] { self->answer(to, id, text); });
    });
}

void MachineLink::answer(const std::string& to, const proton::message_id& correlation,
                         const std::string& body) {
    proton::message message = data_message(body, "application/json");
    message.to(to);
    message.correlation_id(correlation);
    reply_sender_.send(message);
}

void MachineLink::on_tracker_reject(proton::tracker& tracker) {
    events_.refused(rejection(tracker));
}

}  // namespace clacks::client
