/// @file
#pragma once

#include <memory>
#include <string>

#include "common/base/result.hpp"
#include "common/client/connect_options.hpp"
#include "common/client/export.hpp"

namespace clacks {

/// Publishes events on a link of its own: the way for many events. For single ones, and to learn how
/// many subscriptions matched, call sendEvent through AMQPServiceProxy.
///
/// Thread safety: any thread may publish, several at once.
class CLACKS_API Publisher {
  public:
    /// Does not connect yet: a URL that cannot be used shows at the first event.
    explicit Publisher(std::string url, ConnectOptions options = {});
    /// Closes the connection. No call may be under way.
    ~Publisher();
    Publisher(const Publisher&) = delete;
    Publisher& operator=(const Publisher&) = delete;

    /// Waits for the agent's verdict. Success: the event is valid, permitted and handed to every matching
    /// subscription. Connects where needed. Errors: code "event-rejected" with the agent's reason and
    /// place, "time-out", or why there is no connection. Throws nothing.
    Result<void> publish(std::string document);

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace clacks
