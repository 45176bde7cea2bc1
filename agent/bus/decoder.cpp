#include "agent/bus/decoder.hpp"

#include <array>

#include "common/amqp/wire.hpp"
#include "common/base/text.hpp"

namespace clacks::bus {

namespace {

using amqp::Reader;

// Section codes of AMQP 1.0 part 3, 3.2.
enum Section : std::uint64_t {
    header = 0x70,
    delivery_annotations = 0x71,
    message_annotations = 0x72,
    properties = 0x73,
    application_properties = 0x74,
    data = 0x75,
    value = 0x77,
    footer = 0x78
};

constexpr std::array<const char*, 13> kFields = {
    "message-id",       "user-id",          "to",
    "subject",          "reply-to",         "correlation-id",
    "content-type",     "content-encoding", "absolute-expiry-time",
    "creation-time",    "group-id",         "group-sequence",
    "reply-to-group-id"};
constexpr std::size_t kMessageId = 0, kUserId = 1, kTo = 2, kReplyTo = 4, kCorrelationId = 5;

Refusal malformed(std::string what) {
    return {"amqp:decode-error", "the message cannot be decoded: " + std::move(what)};
}

using Step = Result<void, Refusal>;

bool usable(const amqp::Simple& simple) {
    const auto* text = std::get_if<std::string>(&simple);
    return !text || is_utf8(*text);
}

Step read_properties(Reader& reader, IncomingMessage& message) {
    const auto list = reader.list();
    if (!list) return malformed("its properties are no list");
    if (list->content.size() > kMaxPropertyBytes) return malformed("its properties are longer than 64 KiB");
    std::string_view message_id;
    Reader fields(list->content);
    for (std::size_t i = 0; i < kFields.size() && i < list->count; ++i) {
        const auto encoded = fields.value();
        if (!encoded) return malformed(std::string("its ") + kFields[i] + " is cut short");
        if (amqp::is_null(*encoded)) continue;
        auto simple = amqp::simple_of(*encoded);
        if (!simple) return malformed(std::string("its ") + kFields[i] + " has an unexpected type");
        if (i == kMessageId) message_id = *encoded;
        if (i == kCorrelationId) message.correlation_id = *encoded;
        if (const auto* found = std::get_if<std::string>(&*simple)) {
            if (i == kUserId) message.user_id = *found;
            if (i == kTo) message.to = *found;
            if (i == kReplyTo) message.reply_to = *found;
        } else if (i == kUserId || i == kTo || i == kReplyTo) {
            return malformed(std::string("its ") + kFields[i] + " has an unexpected type");
        }
        if (usable(*simple)) message.properties.emplace_back(kFields[i], std::move(*simple));
    }
    if (message.correlation_id.empty()) message.correlation_id = message_id;
    return {};
}

Step read_application_properties(Reader& reader, IncomingMessage& message) {
    const auto map = reader.map();
    if (!map) return malformed("its application-properties are no map");
    if (map->content.size() > kMaxPropertyBytes || map->count / 2 > kMaxProperties)
        return Refusal{
            "amqp:not-allowed",
            "the message has more than 256 application-properties, or 64 KiB of them; send fewer, and data "
            "in the body"};
    Reader entries(map->content);
    for (std::uint32_t i = 0; i + 1 < map->count; i += 2) {
        const auto key = entries.value();
        const auto encoded = key ? entries.value() : std::nullopt;
        if (!encoded) return malformed("its application-properties are cut short");
        if (!amqp::is_string(*key)) return malformed("an application-property's name is not a string");
        auto simple = amqp::simple_of(*encoded);
        const std::string_view name = *amqp::bytes_of(*key);
        if (simple && usable(*simple) && is_utf8(name))
            message.application_properties.emplace_back(std::string(name), std::move(*simple));
    }
    return {};
}

Step read_body(Reader& reader, std::uint64_t section, IncomingMessage& message) {
    const auto encoded = reader.value();
    const bool accepted =
        encoded && (amqp::is_binary(*encoded) || (section == value && amqp::is_string(*encoded)));
    if (accepted) {
        message.body.append(*amqp::bytes_of(*encoded));
        return {};
    }
    if (section == data) return malformed("its data section holds no binary, or is cut short");
    return Refusal{"amqp:not-implemented",
                   "the body must be a data section, or an amqp-value of string or binary"};
}

}  // namespace

Result<IncomingMessage, Refusal> decode(std::string_view bytes) {
    if (bytes.empty()) return malformed("it is empty");
    IncomingMessage message;
    Reader reader(bytes);
    bool has_body = false;
    while (!reader.at_end()) {
        const auto section = reader.descriptor();
        if (!section) return malformed("a section has no descriptor");
        Step step;
        switch (*section) {
            case header:
            case delivery_annotations:
            case message_annotations:
            case footer:
                if (!reader.value()) step = malformed("a section is cut short");
                break;
            case properties:
                step = read_properties(reader, message);
                break;
            case application_properties:
                step = read_application_properties(reader, message);
                break;
            case data:
            case value:
                step = has_body && *section == value ? Step(malformed("it has two bodies"))
                                                     : read_body(reader, *section, message);
                has_body = true;
                break;
            default:
                step = Refusal{"amqp:not-implemented", "the message has a section that is not known here"};
        }
        if (!step) return std::move(step).error();
    }
    if (!has_body) return malformed("it has no body");
    return message;
}

}  // namespace clacks::bus
