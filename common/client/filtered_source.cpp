#include "common/client/filtered_source.hpp"

#include <proton/codec/encoder.hpp>
#include <proton/map.hpp>
#include <proton/symbol.hpp>
#include <proton/value.hpp>

#include "common/amqp/filter.hpp"
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

proton::source_options filtered_source(const std::string& address, const std::string& xquery) {
    proton::source_options source;
    source.address(address);
    if (!xquery.empty()) {
        proton::source::filter_map filters;
        filters.put(proton::symbol("xquery"), described(xquery));
        source.filters(filters);
    }
    return source;
}

bool refused(const proton::receiver& receiver) {
    return pn_terminus_get_type(pn_link_remote_source(raw(receiver))) == PN_UNSPECIFIED;
}

std::optional<Failure> filter_failure(const proton::receiver& receiver, const std::string& xquery,
                                      const Url& url) {
    const auto why = mismatch(pn_terminus_filter(pn_link_remote_source(raw(receiver))), xquery);
    if (!why) return std::nullopt;
    return unconfirmed(url, *why);
}

}  // namespace clacks::client
