// Publishes events on a link of its own: the way for many events. For single ones, and to learn how
// many subscriptions matched, call sendEvent through AMQPServiceProxy.
//
// Thread safety: any thread may publish, several at once.
#pragma once

#include <memory>
#include <string>

#include "common/base/result.hpp"
#include "common/client/connect_options.hpp"
#include "common/client/export.hpp"

namespace clacks {

class CLACKS_API Publisher {
  public:
    explicit Publisher(std::string url, ConnectOptions options = {});
    ~Publisher();
    Publisher(const Publisher&) = delete;
    Publisher& operator=(const Publisher&) = delete;

    // Waits for the agent's verdict. Success: the event is valid, permitted and handed to every matching
    // subscription. Connects where needed. Errors: code "event-rejected" with the agent's reason and
    // place, "time-out", or why there is no connection.
    Result<void> publish(std::string document);

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace clacks
