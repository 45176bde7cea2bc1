#include "agent/bus/encoder.hpp"

#include "common/amqp/wire.hpp"
#include "common/base/uuid.hpp"

namespace clacks::bus {

namespace {

constexpr std::size_t kCacheEntries = 1024;
constexpr std::size_t kCacheBytes = 2 * 1024 * 1024;

// Names that the agent gives itself.
bool reserved(std::string_view name) {
    return name == "event" || name == "node" || name == "dropped";
}

std::string application_properties(const EventMessage& message, std::uint64_t dropped) {
    std::string content;
    amqp::Writer writer(content);
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
    std::string map;
    amqp::Writer(map).map(content, count);
    return map;
}

}  // namespace

std::string encode_event(const EventMessage& message, std::uint64_t dropped) {
    std::string fields;
    amqp::Writer writer(fields);
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

    std::string bytes;
    bytes.reserve(message.event->bytes.size() + 512);
    amqp::Writer out(bytes);
    out.section(0x73);
    out.list(fields, 10);
    out.section(0x74);
    out.raw(application_properties(message, dropped));
    out.section(0x75);
    out.binary(message.event->bytes);
    return bytes;
}

std::string encode_request(const ForwardedRequest& request) {
    std::string fields;
    amqp::Writer writer(fields);
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

    std::string bytes;
    amqp::Writer out(bytes);
    out.section(0x73);
    out.list(fields, 7);
    out.section(0x75);
    out.binary(request.json);
    return bytes;
}

std::string encode_reply(std::string_view to, std::string_view correlation_id, std::string_view json) {
    return encode_request({to, {}, correlation_id, {}, json});
}

Bytes EncodedEvents::get(const EventMessagePtr& message) {
    if (const auto found = entries_.find(message.get()); found != entries_.end()) return found->second.bytes;
    auto bytes = std::make_shared<const std::string>(encode_event(*message));
    entries_.emplace(message.get(), Entry{message, bytes});
    order_.push_back(message.get());
    size_ += bytes->size();
    while (order_.size() > kCacheEntries || (size_ > kCacheBytes && order_.size() > 1)) {
        const auto oldest = entries_.find(order_.front());
        size_ -= oldest->second.bytes->size();
        entries_.erase(oldest);
        order_.pop_front();
    }
    return bytes;
}

}  // namespace clacks::bus
