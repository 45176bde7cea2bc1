// Messages on their way out.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "agent/api/message.hpp"

namespace clacks::bus {

std::string encode(const EventMessage& message);
// What encode() gave, with the number of the events that this subscriber lost before.
std::string with_dropped(std::string_view encoded, std::uint64_t dropped);

// `correlation_id` is encoded already, "" for none.
std::string encode_reply(std::string_view to, std::string_view correlation_id, std::string_view json);

// A request on its way to a client. `correlation_id` as above; `user` is the authenticated sender.
struct ForwardedRequest {
    std::string_view to, reply_to, correlation_id, user, json;
};
std::string encode_request(const ForwardedRequest& request);

}  // namespace clacks::bus
