// A received message's bytes, read as far as the agent needs them. The body is one of data, amqp-value
// string and amqp-value binary; any other is refused unread, and nested values are never entered.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "agent/api/message.hpp"
#include "agent/bus/proton.hpp"
#include "common/base/result.hpp"

namespace clacks::bus {

struct IncomingMessage {
    std::string body;
    std::string to, reply_to;
    std::optional<std::string> user_id;
    std::string correlation_id;  // encoded as it came, of any type; the message-id where it is absent; or ""
    Properties properties;
    Properties application_properties;
};

// At most this many application-properties, and bytes of them.
inline constexpr std::size_t kMaxProperties = 256;
inline constexpr std::size_t kMaxPropertyBytes = 64 * 1024;

Result<IncomingMessage, Refusal> decode(std::string_view bytes);

}  // namespace clacks::bus
