// Messages on their way out. An event is encoded once, however many links get it.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "agent/api/message.hpp"

namespace clacks::bus {

using Bytes = std::shared_ptr<const std::string>;

// `dropped`: events lost before this one, told to the subscriber when not zero.
std::string encode_event(const EventMessage& message, std::uint64_t dropped = 0);

// `correlation_id` is encoded already, "" for none.
std::string encode_reply(std::string_view to, std::string_view correlation_id, std::string_view json);

// A request on its way to a client. `correlation_id` as above; `user` is the authenticated sender.
struct ForwardedRequest {
    std::string_view to, reply_to, correlation_id, user, json;
};
std::string encode_request(const ForwardedRequest& request);

// The most recent events' bytes. For the bus thread.
class EncodedEvents {
  public:
    Bytes get(const EventMessagePtr& message);

  private:
    struct Entry {
        EventMessagePtr message;  // kept, so that the key is not used again meanwhile
        Bytes bytes;
    };
    std::unordered_map<const EventMessage*, Entry> entries_;
    std::deque<const EventMessage*> order_;
    std::size_t size_ = 0;
};

}  // namespace clacks::bus
