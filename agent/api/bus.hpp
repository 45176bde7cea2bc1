// The joint between the AMQP listener and the rest of the agent. The bus decodes, authenticates,
// settles and queues; what addresses mean and what events are is decided behind BusHandler.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "agent/api/events.hpp"

namespace clacks {

// A JSON-RPC request that arrived as a message.
struct BusRequest {
    std::string user;
    std::string queue;  // "core", a module's name …, from the address
    std::string body;   // JSON text
    // Called before the reply, on its thread, for each request in the body that its caller got wrong, with
    // the code and the message that it is answered with. May be empty.
    std::function<void(int, const std::string&)> refused = nullptr;
};

// All calls come on the bus thread unless said otherwise; none may block.
class BusHandler {
  public:
    virtual ~BusHandler() = default;
    virtual Result<Published> publish(Publication publication) = 0;
    // An event of this user that was refused before it was one: unreadable, too long, in another's name.
    virtual void refused(const std::string& user) = 0;
    virtual Result<std::unique_ptr<Subscription>, Diagnostics> subscribe(SubscriptionRequest request) = 0;
    // `reply` is called exactly once, from any thread, with the JSON text of the answer ("" for none).
    virtual void request(BusRequest request, std::function<void(std::string)> reply) = 0;
    // What the ACL says of a client's address; errors have the code "not-permitted".
    virtual Result<void, Diagnostic> may_send_to_client(const std::string& user, const std::string& id) = 0;
    virtual Result<void, Diagnostic> may_receive_at_client(const std::string& user,
                                                           const std::string& id) = 0;
    // Names that may stand behind {domain}.command.
    virtual std::vector<std::string> command_queues() const = 0;
};

}  // namespace clacks
