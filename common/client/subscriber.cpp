#include "common/client/subscriber.hpp"

#include <proton/codec/encoder.hpp>
#include <proton/delivery.hpp>
#include <proton/map.hpp>
#include <proton/message.hpp>
#include <proton/receiver_options.hpp>
#include <proton/source_options.hpp>
#include <proton/symbol.hpp>
#include <proton/value.hpp>

#include "common/amqp/addresses.hpp"
#include "common/amqp/filter.hpp"
#include "common/client/decode.hpp"
#include "common/client/raw.hpp"

namespace clacks::client {

namespace {

Failure unconfirmed(const Url& url, const std::string& why) {
    return {problem("filter-unconfirmed",
                    url.shown() + " did not confirm the filter: " + why +
                        "; without it every event might come, so nothing is received",
                    "is it a Clacks agent, or a broker that knows no XQuery filters?"),
            true};
}

proton::value described(const std::string& xquery) {
    proton::value value;
    proton::codec::encoder encoder(value);
    encoder << proton::codec::start::described() << proton::symbol(std::string(amqp::kXQueryFilterSymbol))
            << xquery << proton::codec::finish();
    return value;
}

// Nothing when the filter in force is the one that was asked for.
std::optional<std::string> mismatch(pn_data_t* confirmed, const std::string& asked) {
    const auto filter = amqp::read_filter(confirmed);
    if (!filter) return filter.error().diagnostic.message;
    const std::string in_force = filter.value() ? filter.value()->xquery : "";
    if (in_force == asked) return std::nullopt;
    return in_force.empty() ? "its answer names none" : "its answer names another";
}

}  // namespace

Subscriber::Subscriber(const Endpoint& endpoint, std::string xquery, SubscriberEvents events)
    : Connection(endpoint, amqp::event_address(endpoint.domain)),
      xquery_(std::move(xquery)),
      events_(std::move(events)) {}

void Subscriber::consumed(int count) {
    post([this, count] { receiver_.add_credit(static_cast<std::uint32_t>(count)); });
}

void Subscriber::on_established(proton::connection& connection) {
    proton::source_options source;
    source.address(address());
    if (!xquery_.empty()) {
        proton::source::filter_map filters;
        filters.put(proton::symbol("xquery"), described(xquery_));
        source.filters(filters);
    }
    // Settled by the agent: an event that is lost with its connection is not sent again anyway.
    connection.open_receiver(address(),
                             proton::receiver_options().source(source).credit_window(0).delivery_mode(
                                 proton::delivery_mode::AT_MOST_ONCE));
}

// Credit, and with it the first event, only for the filter that was asked for.
void Subscriber::on_receiver_open(proton::receiver& receiver) {
    auto* source = pn_link_remote_source(raw(receiver));
    if (pn_terminus_get_type(source) == PN_UNSPECIFIED) return;  // refused; the detach that follows says why
    if (const auto why = mismatch(pn_terminus_filter(source), xquery_))
        return fail(unconfirmed(endpoint().url, *why));
    receiver_ = receiver;
    receiver.add_credit(kCredit);
    ready();
    events_.subscribed();
}

void Subscriber::on_message(proton::delivery&, proton::message& message) {
    events_.received(decode_event(message));
}

}  // namespace clacks::client
