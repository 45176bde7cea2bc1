// A JSON-RPC request's way through the bus: who asks, where the answer goes, and with which id.
#pragma once

#include <string>

#include "agent/bus/decoder.hpp"
#include "agent/bus/link.hpp"
#include "common/amqp/addresses.hpp"

namespace clacks::bus {

// Hands the request to the handler. Its answer goes to the reply-to address, which must be a reply
// address of the same user; a caller that has gone by then is counted.
Result<void, Refusal> submit_request(Shared& shared, const Peer& peer, const std::string& queue,
                                     IncomingMessage message);

// Passes a message on to the link that receives at this address: a request to a client, or a client's
// answer to a reply address.
Result<void, Refusal> forward(Shared& shared, const Peer& peer, const amqp::Address& address,
                              const IncomingMessage& message);

// Sends the agent's own request. Its answer, or why the client cannot be asked, goes to the taker, if it is
// still there.
void ask_client(Shared& shared, const ClientRequest& request, const std::weak_ptr<ClientAnswer>& taker);
// Whether the agent waits for this user's answer at the address.
bool awaited(const Shared& shared, const std::string& user, const amqp::Address& address);

// Why nobody receives at the address.
Refusal no_receiver(const Shared& shared, const amqp::Address& address);

}  // namespace clacks::bus
