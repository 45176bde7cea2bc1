#include "common/client/messenger.hpp"

#include <proton/binary.hpp>
#include <proton/delivery.hpp>
#include <proton/message.hpp>
#include <proton/message_id.hpp>
#include <proton/receiver.hpp>
#include <proton/receiver_options.hpp>
#include <proton/sender_options.hpp>
#include <proton/source_options.hpp>
#include <proton/target.hpp>
#include <proton/tracker.hpp>

#include "common/base/text.hpp"
#include "common/client/decode.hpp"
#include "common/client/raw.hpp"

namespace clacks::client {

namespace {

std::optional<std::uint64_t> number_of(const proton::message_id& id) {
    try {
        return std::stoull(proton::get<std::string>(id));
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

}  // namespace

Messenger::Messenger(Endpoint endpoint, std::string address, Expect expect)
    : Connection(std::move(endpoint), std::move(address)), expect_(expect) {}

Result<std::string> Messenger::exchange(std::string body, const std::string& content_type,
                                        SteadyTime deadline) {
    const Id id = next_++;
    std::future<Outcome> outcome;
    {
        const std::lock_guard lock(waiting_mutex_);
        if (ended_) return reason();
        outcome = waiting_[id].get_future();
    }
    // A job that is not taken, or dropped, is answered by on_over().
    post([this, id, body = std::move(body), content_type] { transfer(id, body, content_type); });
    if (outcome.wait_until(deadline) == std::future_status::ready) return outcome.get();
    const std::lock_guard lock(waiting_mutex_);
    if (waiting_.erase(id) == 0) return outcome.get();
    return time_out(endpoint().url, "waiting for the answer").diagnostic;
}

void Messenger::on_established(proton::connection& connection) {
    connection.open_sender(address());
    if (expect_ != Expect::reply) return;
    proton::source_options source;
    source.dynamic(true);
    connection.open_receiver("", proton::receiver_options().source(source));
}

void Messenger::on_sender_open(proton::sender& sender) {
    if (pn_terminus_get_type(pn_link_remote_target(raw(sender))) == PN_UNSPECIFIED) return;  // refused
    sender_ = sender;
    sender_open_ = true;
    check_ready();
}

void Messenger::on_receiver_open(proton::receiver& receiver) {
    reply_to_ = receiver.source().address();
    check_ready();
}

void Messenger::check_ready() {
    if (sender_open_ && (expect_ == Expect::acceptance || !reply_to_.empty())) ready();
}

void Messenger::transfer(Id id, const std::string& body, const std::string& content_type) {
    proton::message message(proton::binary(body.begin(), body.end()));
    message.inferred(true);  // a data section
    message.content_type(content_type);
    message.id(std::to_string(id));
    if (expect_ == Expect::reply) {
        message.reply_to(reply_to_);
        message.correlation_id(std::to_string(id));
    }
    deliveries_[raw(sender_.send(message))] = id;
}

void Messenger::on_message(proton::delivery&, proton::message& message) {
    if (const auto id = number_of(message.correlation_id())) resolve(*id, body_of(message));
}

void Messenger::on_tracker_accept(proton::tracker& tracker) {
    settled(tracker, expect_ == Expect::acceptance ? std::optional<Outcome>(std::string()) : std::nullopt);
}

void Messenger::on_tracker_reject(proton::tracker& tracker) {
    settled(tracker, Outcome(problem("message-rejected", rejection(tracker))));
}

// Also for the outcome "modified".
void Messenger::on_tracker_release(proton::tracker& tracker) {
    settled(tracker,
            Outcome(problem("message-rejected", endpoint().url.shown() + " does not take the message now",
                            "try again later")));
}

void Messenger::settled(proton::tracker& tracker, std::optional<Outcome> outcome) {
    const auto found = deliveries_.find(raw(tracker));
    if (found == deliveries_.end()) return;
    const Id id = found->second;
    deliveries_.erase(found);
    if (outcome) resolve(id, std::move(*outcome));
}

void Messenger::resolve(Id id, Outcome outcome) {
    const std::lock_guard lock(waiting_mutex_);
    const auto found = waiting_.find(id);
    if (found == waiting_.end()) return;  // its caller's time is over
    found->second.set_value(std::move(outcome));
    waiting_.erase(found);
}

void Messenger::on_over() {
    const Diagnostic why = reason();
    const std::lock_guard lock(waiting_mutex_);
    ended_ = true;
    for (auto& [id, promise] : waiting_) promise.set_value(Outcome(why));
    waiting_.clear();
}

}  // namespace clacks::client
