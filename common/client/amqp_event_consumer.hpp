/// @file
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "common/base/result.hpp"
#include "common/client/connect_options.hpp"
#include "common/client/export.hpp"
#include "common/client/received_event.hpp"

namespace clacks {

/// How a consumer connects.
struct ConsumerOptions : ConnectOptions {
    /// Ends the consumer when the first attempt fails, instead of trying again until the agent is there.
    bool must_connect_first = false;
    /// Subscribes though no event can match the filter yet, for events whose definitions come later. Else the
    /// agent refuses such a filter.
    bool lenient = false;
};

/// Receives the events that an XQuery selects.
///
///   clacks::AMQPEventConsumer consumer("amqp://admin:secret@localhost/org.clacks",
///                                      "declare namespace f='http://www.gonicus.de/Events';"
///                                      "let $e := ./f:Event return $e/f:PhoneStatus",
///                                      [](const clacks::ReceivedEvent& event) { … });
///   auto ended = consumer.join();
///
/// It connects in the background. A lost connection is made anew after a random pause that grows to a
/// cap; events of the time between are lost. Three things end it for good, and join() says which: the
/// login was refused, the subscription was refused (the filter has an error, the domain is unknown), or
/// the server did not confirm the filter and so might send everything.
///
/// Thread safety: all members may be called from any thread. Callbacks come one at a time, on a thread
/// of the consumer's own; one that takes long holds up only this consumer. An exception out of a
/// callback is told to the log and drops that event.
///
/// Errors come from join(). Only the constructor throws, std::system_error, where the system has no more
/// threads.
class CLACKS_API AMQPEventConsumer {
  public:
    /// Gets each event; it is valid during the call, and may be copied.
    using Callback = std::function<void(const ReceivedEvent&)>;

    /// An empty xquery selects every event. A URL that cannot be used shows as the result of join().
    /// Connecting begins at once.
    AMQPEventConsumer(std::string url, std::string xquery, Callback callback, ConsumerOptions options = {});
    /// Closes, and waits for a callback that runs. Must not be called from a callback.
    ~AMQPEventConsumer();
    AMQPEventConsumer(const AMQPEventConsumer&) = delete;
    AMQPEventConsumer& operator=(const AMQPEventConsumer&) = delete;

    /// Waits until the consumer has ended: closed (success) or ended for good (why).
    Result<void> join();
    /// The same for at most `time`; false when it still runs.
    bool join_for(std::chrono::milliseconds time);
    /// Waits until the filter is in force, so that no later event is missed, or the consumer has ended.
    /// False when it has ended, or the time is over.
    bool wait_until_subscribed(std::chrono::milliseconds time);
    /// Ends the subscription. No callback runs after it returns, except the one that calls it.
    void close();

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace clacks
