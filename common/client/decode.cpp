#include "common/client/decode.hpp"

#include <map>
#include <proton/binary.hpp>
#include <proton/map.hpp>
#include <proton/scalar.hpp>
#include <proton/symbol.hpp>
#include <proton/timestamp.hpp>
#include <proton/types.hpp>
#include <proton/uuid.hpp>

#include "common/base/text.hpp"
#include "common/client/failure.hpp"
#include "common/client/raw.hpp"

namespace clacks::client {

namespace {

Diagnostic unreadable(const std::string& what) {
    return problem("message-unreadable", "a message of the agent cannot be read: " + what);
}

WallTime wall_time(proton::timestamp time) {
    return WallTime(std::chrono::milliseconds(time.milliseconds()));
}

// Nothing for types that no property of an event has.
std::optional<ReceivedEvent::Property> property_of(const proton::scalar& value) {
    using proton::type_id;
    switch (value.type()) {
        case type_id::BOOLEAN:
            return proton::get<bool>(value);
        case type_id::FLOAT:
        case type_id::DOUBLE:
            return proton::coerce<double>(value);
        case type_id::BYTE:
        case type_id::SHORT:
        case type_id::INT:
        case type_id::LONG:
        case type_id::UBYTE:
        case type_id::USHORT:
        case type_id::UINT:
        case type_id::ULONG:
            return proton::coerce<std::int64_t>(value);
        case type_id::STRING:
        case type_id::SYMBOL:
            return proton::coerce<std::string>(value);
        case type_id::TIMESTAMP:
            return wall_time(proton::get<proton::timestamp>(value));
        default:
            return std::nullopt;
    }
}

// "event", "node" and "dropped" are the agent's, all others the sender's.
void take(ReceivedEvent& event, const std::string& name, ReceivedEvent::Property value) {
    auto* text = std::get_if<std::string>(&value);
    const auto* number = std::get_if<std::int64_t>(&value);
    if (name == "event" && text)
        event.name = std::move(*text);
    else if (name == "node" && text)
        event.node = std::move(*text);
    else if (name == "dropped" && number)
        event.dropped = static_cast<std::uint64_t>(*number);
    else
        event.properties.emplace_back(name, std::move(value));
}

ReceivedEvent decode(const proton::message& message, std::string document) {
    ReceivedEvent event;
    event.document = std::move(document);
    if (!message.id().empty()) event.id = proton::to_string(message.id());
    event.sender = message.user();
    if (const auto time = message.creation_time(); time.milliseconds() > 0) event.time = wall_time(time);
    std::map<std::string, proton::scalar> properties;
    proton::get(message.properties(), properties);
    for (const auto& [name, scalar] : properties)
        if (auto value = property_of(scalar)) take(event, name, std::move(*value));
    return event;
}

}  // namespace

Result<std::string> body_of(const proton::message& message) {
    try {
        const proton::value& body = message.body();
        if (body.type() == proton::BINARY) return std::string(proton::get<proton::binary>(body));
        if (body.type() == proton::STRING) return proton::get<std::string>(body);
    } catch (const std::exception& error) {
        return unreadable(one_line(error.what(), 200));
    }
    return unreadable("its body is neither a data section nor a string");
}

Result<ReceivedEvent> decode_event(const proton::message& message) {
    auto document = body_of(message);
    if (!document) return std::move(document).error();
    try {
        return decode(message, std::move(document).value());
    } catch (const std::exception& error) {
        return unreadable(one_line(error.what(), 200));
    }
}

// Only the C API tells.
std::string rejection(const proton::tracker& tracker) {
    auto* condition = pn_disposition_condition(pn_delivery_remote(raw(tracker)));
    const char* description = condition ? pn_condition_get_description(condition) : nullptr;
    const char* name = condition ? pn_condition_get_name(condition) : nullptr;
    return one_line(description && *description ? description : name ? name : "no reason given", 2000);
}

}  // namespace clacks::client
