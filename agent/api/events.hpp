// Publishing and subscribing inside the agent: what modules, commands and the bus are given.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/api/delivery_counts.hpp"
#include "agent/api/message.hpp"
#include "common/base/result.hpp"

namespace clacks {

struct Published {
    std::string id;           // the event's message-id
    std::size_t matched = 0;  // subscriptions whose queue it was handed to
};

// Who sends, and what came with the event.
struct Publication {
    std::string document;   // the event's bytes
    std::string user;       // authenticated; the agent's own id for its modules
    Properties properties;  // standard properties the sender gave (subject, correlation-id, …)
    Properties application_properties;
    std::string module = {};  // the agent's own one that sends it: no rights are asked for
};

// Thread safety: publish may be called from any thread. It validates, matches and hands the event to
// every matching subscription's queue before it returns, and never waits for a subscriber. What the user may
// not send is an error with the code "not-permitted".
class EventSink {
  public:
    virtual ~EventSink() = default;
    virtual Result<Published> publish(Publication publication) = 0;
};

// The far end of a subscription, and its account: every event of a deliver() that returns is counted there,
// as is what goes when the subscription ends. Both members are called from any thread and must not block;
// deliver() must bound what it keeps.
class Delivery {
  public:
    virtual ~Delivery() = default;
    virtual void deliver(const EventMessagePtr& message) = 0;
    virtual DeliveryCounts counts() const = 0;
};

// What is known of one subscription, for getSubscriptions.
struct SubscriptionInfo {
    std::uint64_t id = 0;
    std::string owner;   // user, or "module NAME"
    std::string filter;  // text, "" for every event
    std::string link;    // the receiver's link name, "" for modules
    std::string last_error;
    std::string never;  // why no event of the catalogue can match, "" where some can
    // The event types that can come to it, sorted: its filter can be true of them, and its owner may read
    // them. Nothing: all of the catalogue.
    std::optional<std::vector<std::string>> events;
    WallTime since;
    std::uint64_t evaluated = 0, errors = 0;
    // Of the evaluations, as the budget [filter] steps counts them: all together, and the most that one took.
    std::uint64_t steps = 0, most_steps = 0;
    bool indexed = false;  // the index decides by itself; the filter is never evaluated
    DeliveryCounts counts;
};

// Ends the subscription when destroyed; no deliver() call is running or comes after that.
// Thread safety: destroy it from any thread that holds no lock its Delivery takes.
class Subscription {
  public:
    virtual ~Subscription() = default;
    virtual std::uint64_t id() const = 0;
};

struct SubscriptionRequest {
    std::string owner;
    std::string link;
    std::string filter;                  // XQuery, "" for every event
    std::shared_ptr<Delivery> delivery;  // not null
    bool own = false;                    // of the agent and its modules: they may read every event
    bool lenient = false;  // a filter that no event can match yet is taken, and warned of; own ones are
};

class Subscriptions {
  public:
    virtual ~Subscriptions() = default;
    // A filter that cannot be used is refused with all its diagnostics, and so is one that no event of the
    // catalogue can match (code "filter-never"), unless the request is lenient; an owner who may read no
    // event at all, with the code "not-permitted". Others get those events that they may read, whatever the
    // filter.
    virtual Result<std::unique_ptr<Subscription>, Diagnostics> subscribe(SubscriptionRequest request) = 0;
    virtual std::vector<SubscriptionInfo> list() const = 0;
    // Of all subscriptions together, those that have ended included.
    virtual DeliveryCounts totals() const = 0;
};

}  // namespace clacks
