// A JSON-RPC request's way through the bus: who asks, where the answer goes, and with which id.
#pragma once

#include <string>

#include "agent/bus/decoder.hpp"
#include "agent/bus/link.hpp"

namespace clacks::bus {

// Hands the request to the handler. Its answer goes to the reply-to address, which must be a reply
// link of the same user; a caller that has gone by then is counted.
Result<void, Refusal> submit_request(Shared& shared, const Peer& peer, const std::string& queue,
                                     IncomingMessage message);

}  // namespace clacks::bus
