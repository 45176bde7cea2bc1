// Messages on their way out.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "agent/api/message.hpp"

namespace clacks::bus {

// What is sent before the event's own bytes, which end the message. `dropped`: events lost before this one,
// told to the subscriber when not zero.
std::string encode_head(const EventMessage& message, std::uint64_t dropped = 0);

// `correlation_id` is encoded already, "" for none.
std::string encode_reply(std::string_view to, std::string_view correlation_id, std::string_view json);

// A request on its way to a client. `correlation_id` as above; `user` is the authenticated sender.
struct ForwardedRequest {
    std::string_view to, reply_to, correlation_id, user, json;
};
std::string encode_request(const ForwardedRequest& request);

}  // namespace clacks::bus
