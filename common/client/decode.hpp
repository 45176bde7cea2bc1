// From proton's message to what a callback gets.
#pragma once

#include <proton/message.hpp>
#include <proton/tracker.hpp>
#include <string>

#include "common/base/result.hpp"
#include "common/client/received_event.hpp"

namespace clacks::client {

// The body: one data section, or an amqp-value of string or binary. Errors: code "message-unreadable".
Result<std::string> body_of(const proton::message& message);

// Errors: as body_of, and for properties that are none. Never throws.
Result<ReceivedEvent> decode_event(const proton::message& message);

// What the peer said when it rejected a message.
std::string rejection(const proton::tracker& tracker);

}  // namespace clacks::client
