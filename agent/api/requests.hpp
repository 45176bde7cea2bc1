// Requests to clients: what the agent itself sends to {d}.client.UUID, and what comes back.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "common/base/result.hpp"

namespace clacks {

struct ClientRequest {
    std::string user;    // the client's own: only a receiver of this user is asked
    std::string client;  // its id
    std::string body;    // JSON text
};

// Takes the body of the answer, or why there can be none ("client-away"). Called at most once, on the bus
// thread: it must not block.
using ClientAnswer = std::function<void(Result<std::string, Diagnostic>)>;

// Thread safety: any thread.
class ClientRequests {
  public:
    virtual ~ClientRequests() = default;
    // The bus does not keep the answer's taker: once the caller lets go of it, an answer is nobody's, which
    // is how a caller whose time is over ends the request.
    virtual void ask(ClientRequest request, const std::shared_ptr<ClientAnswer>& answer) = 0;
};

}  // namespace clacks
