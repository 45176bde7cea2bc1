#include "common/amqp/filter.hpp"

#include <proton/codec.h>

#include "common/base/text.hpp"

namespace clacks::amqp {

namespace {

std::string text_of(pn_bytes_t bytes) {
    return bytes.start ? std::string(bytes.start, bytes.size) : std::string();
}

pn_bytes_t bytes_of_text(std::string_view text) {
    return pn_bytes(text.size(), text.data());
}

FilterError error(std::string condition, std::string message, std::string hint) {
    Diagnostic diagnostic;
    diagnostic.code = condition == "amqp:not-implemented" ? "filter-unknown" : "filter-malformed";
    diagnostic.message = std::move(message);
    diagnostic.hint = std::move(hint);
    diagnostic.source = "filter";
    return {std::move(condition), std::move(diagnostic)};
}

FilterError invalid(std::string message) {
    return error("amqp:invalid-field", std::move(message),
                 "send one string described by " + std::string(kXQueryFilterSymbol));
}

FilterError unknown_type(const std::string& shown) {
    std::string hint = "the only type of filter here is " + std::string(kXQueryFilterSymbol);
    return error("amqp:not-implemented", "filters of the type '" + one_line(shown, 80) + "' are not known",
                 hint);
}

// The described value under the cursor; leaves the cursor on it.
Result<Filter, FilterError> read_described(pn_data_t* data) {
    if (pn_data_type(data) != PN_DESCRIBED)
        return invalid("the filter is not described, so its type is unknown");
    Filter filter;
    pn_data_enter(data);
    const bool has_type = pn_data_next(data);
    const pn_type_t type = has_type ? pn_data_type(data) : PN_NULL;
    if (type == PN_SYMBOL) {
        const std::string symbol = text_of(pn_data_get_symbol(data));
        if (symbol != kXQueryFilterSymbol) return unknown_type(symbol);
    } else if (type == PN_ULONG) {
        if (pn_data_get_ulong(data) != kXQueryFilterCode)
            return unknown_type(std::to_string(pn_data_get_ulong(data)));
        filter.by_code = true;
    } else {
        return invalid("the filter's descriptor is neither a symbol nor a ulong");
    }
    if (!pn_data_next(data) || pn_data_type(data) != PN_STRING)
        return invalid("the XQuery filter is not a string");
    filter.xquery = text_of(pn_data_get_string(data));
    pn_data_exit(data);
    return filter;
}

}  // namespace

Result<std::optional<Filter>, FilterError> read_filter(pn_data_t* filters) {
    std::optional<Filter> none;
    if (!filters) return none;
    pn_data_rewind(filters);
    if (!pn_data_next(filters) || pn_data_type(filters) == PN_NULL) return none;
    if (pn_data_type(filters) != PN_MAP) return invalid("the filter set is not a map");
    const std::size_t count = pn_data_get_map(filters);
    if (count == 0) return none;
    if (count != 2)
        return invalid("there are " + std::to_string(count / 2) + " filters, where one is allowed");
    pn_data_enter(filters);
    if (!pn_data_next(filters) || pn_data_type(filters) != PN_SYMBOL)
        return invalid("the filter's key is not a symbol");
    std::string key = text_of(pn_data_get_symbol(filters));
    if (!pn_data_next(filters)) return invalid("the filter set is cut short");
    auto filter = read_described(filters);
    if (!filter) return std::move(filter).error();
    filter->key = std::move(key);
    return std::optional<Filter>(std::move(filter).value());
}

bool asks_for_leniency(pn_data_t* properties) {
    if (!properties) return false;
    pn_data_rewind(properties);
    if (!pn_data_next(properties) || pn_data_type(properties) != PN_MAP) return false;
    pn_data_enter(properties);
    while (pn_data_next(properties)) {
        const bool named =
            pn_data_type(properties) == PN_SYMBOL && text_of(pn_data_get_symbol(properties)) == kLenient;
        if (!pn_data_next(properties)) return false;
        if (named) return pn_data_type(properties) == PN_BOOL && pn_data_get_bool(properties);
    }
    return false;
}

void write_filter(pn_data_t* filters, const Filter& filter) {
    pn_data_clear(filters);
    pn_data_put_map(filters);
    pn_data_enter(filters);
    pn_data_put_symbol(filters, bytes_of_text(filter.key));
    pn_data_put_described(filters);
    pn_data_enter(filters);
    if (filter.by_code)
        pn_data_put_ulong(filters, kXQueryFilterCode);
    else
        pn_data_put_symbol(filters, bytes_of_text(kXQueryFilterSymbol));
    pn_data_put_string(filters, bytes_of_text(filter.xquery));
    pn_data_exit(filters);
    pn_data_exit(filters);
    pn_data_rewind(filters);
}

}  // namespace clacks::amqp
