#include "agent/bus/encoder.hpp"

#include "common/amqp/wire.hpp"
#include "common/base/uuid.hpp"

namespace clacks::bus {

namespace {

// Names that the agent gives itself.
bool reserved(std::string_view name) {
    return name == "event" || name == "node" || name == "dropped";
}

void write_properties(amqp::Writer& writer, const EventMessage& message) {
    writer.section(0x73);
    const auto list = writer.open_list();
    writer.string(message.message_id);
    writer.binary(message.user_id);
    writer.null();  // to
    writer.string("event");
    writer.null();  // reply-to
    writer.null();  // correlation-id
    writer.symbol("application/xml");
    writer.null();  // content-encoding
    writer.null();  // absolute-expiry-time
    writer.timestamp(message.creation_time);
    writer.close(list, 10);
}

void write_application_properties(amqp::Writer& writer, const EventMessage& message, std::uint64_t dropped) {
    writer.section(0x74);
    const auto map = writer.open_map();
    std::uint32_t count = 4;
    writer.string("event");
    writer.string(message.event->name);
    writer.string("node");
    writer.string(message.node);
    if (dropped != 0) {
        writer.string("dropped");
        writer.ulong(dropped);
        count += 2;
    }
    for (const auto& [name, value] : message.application_properties) {
        if (reserved(name)) continue;
        writer.string(name);
        writer.simple(value);
        count += 2;
    }
    writer.close(map, count);
}

}  // namespace

std::string encode_head(const EventMessage& message, std::uint64_t dropped) {
    std::string bytes;
    bytes.reserve(256);
    amqp::Writer writer(bytes);
    write_properties(writer, message);
    write_application_properties(writer, message, dropped);
    writer.section(0x75);
    writer.binary_of(message.event->bytes.size());
    return bytes;
}

std::string encode_request(const ForwardedRequest& request) {
    std::string bytes;
    amqp::Writer writer(bytes);
    writer.section(0x73);
    const auto list = writer.open_list();
    writer.string(random_uuid());
    if (request.user.empty())
        writer.null();
    else
        writer.binary(request.user);
    writer.string(request.to);
    writer.null();  // subject
    if (request.reply_to.empty())
        writer.null();
    else
        writer.string(request.reply_to);
    if (request.correlation_id.empty())
        writer.null();
    else
        writer.raw(request.correlation_id);
    writer.symbol("application/json");
    writer.close(list, 7);
    writer.section(0x75);
    writer.binary(request.json);
    return bytes;
}

std::string encode_reply(std::string_view to, std::string_view correlation_id, std::string_view json) {
    return encode_request({to, {}, correlation_id, {}, json});
}

}  // namespace clacks::bus
