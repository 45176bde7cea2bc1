#include "agent/bus/encoder.hpp"

#include "common/amqp/wire.hpp"
#include "common/base/uuid.hpp"

namespace clacks::bus {

namespace {

constexpr std::uint8_t kApplicationProperties = 0x74;
constexpr std::size_t kUsualHead = 256;  // bytes before an event's own

// Names that the agent gives itself.
bool reserved(std::string_view name) {
    return name == "event" || name == "node" || name == "dropped";
}

void write_properties(amqp::Writer& writer, const EventMessage& message) {
    writer.section(0x73);
    const auto list = writer.open_list();
    writer.string(message.message_id);
    writer.binary(message.user_id);
    // to, subject, reply-to, correlation-id, content-type, content-encoding, absolute-expiry-time
    static const std::string kSame = [] {
        std::string bytes;
        amqp::Writer same(bytes);
        same.null();
        same.string("event");
        same.null();
        same.null();
        same.symbol("application/xml");
        same.null();
        same.null();
        return bytes;
    }();
    writer.raw(kSame);
    writer.timestamp(message.creation_time);
    writer.close(list, 10);
}

void write_application_properties(amqp::Writer& writer, const EventMessage& message) {
    writer.section(kApplicationProperties);
    const auto map = writer.open_map();
    std::uint32_t count = 4;
    writer.string("event");
    writer.string(message.event->name);
    writer.string("node");
    writer.string(message.node);
    for (const auto& [name, value] : message.application_properties) {
        if (reserved(name)) continue;
        writer.string(name);
        writer.simple(value);
        count += 2;
    }
    writer.close(map, count);
}

}  // namespace

std::string encode(const EventMessage& message) {
    const std::string& event = message.event->bytes;
    std::string bytes;
    bytes.reserve(kUsualHead + event.size());
    amqp::Writer writer(bytes);
    write_properties(writer, message);
    write_application_properties(writer, message);
    writer.section(0x75);
    writer.binary(event);
    return bytes;
}

std::string with_dropped(std::string_view encoded, std::uint64_t dropped) {
    amqp::Reader reader(encoded);
    reader.descriptor();
    const std::string_view properties = reader.value().value();
    reader.descriptor();
    const auto application_properties = reader.map().value();
    const std::string_view content = application_properties.content;
    std::string bytes(encoded.data(), properties.data() + properties.size());
    amqp::Writer writer(bytes);
    writer.section(kApplicationProperties);
    const auto map = writer.open_map();
    writer.raw(content);
    writer.string("dropped");
    writer.ulong(dropped);
    writer.close(map, application_properties.count + 2);
    writer.raw({content.data() + content.size(), encoded.data() + encoded.size()});
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
