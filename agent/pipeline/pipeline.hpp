// The pipeline: an event's bytes become a valid event, every subscription's filter is asked, and each
// match is handed over. The one place where events and XQuery meet.
//
// Thread safety: every member may be called from any thread. Deliveries are called with the
// subscription table's shared lock held; see docs/architecture.md, Threads.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "agent/api/events.hpp"
#include "agent/telemetry/counters.hpp"
#include "common/acl/access.hpp"
#include "common/base/clock.hpp"
#include "common/events/catalogue.hpp"

namespace clacks {

struct PipelineOptions {
    std::string node;                              // this agent's id, the "node" of every event
    std::size_t filter_bytes = 64 * 1024;          // length of a filter's text
    std::size_t filter_nesting = 200;              // depth of its expressions
    std::uint64_t filter_steps = 1'000'000;        // of one evaluation
    std::size_t filter_memory = 16 * 1024 * 1024;  // bytes of one evaluation
    std::uint64_t steps_per_second = 0;            // of all filters of one user; 0 is no limit
    // Told of subscriptions that no event can match, of those that can be matched again, and of users whose
    // filters cost too much. Any thread.
    std::function<void(const char* code, const std::string& text)> warn = [](const char*,
                                                                             const std::string&) {};
};

class Pipeline final : public EventSink, public Subscriptions {
  public:
    // The rights, the counters and the clock must outlive the pipeline, and the pipeline its subscriptions.
    Pipeline(events::CataloguePtr catalogue, PipelineOptions options, const acl::Access& access,
             Counters& counters, const Clock& clock);
    ~Pipeline() override;

    Result<Published> publish(Publication publication) override;
    Result<std::unique_ptr<Subscription>, Diagnostics> subscribe(SubscriptionRequest request) override;
    std::vector<SubscriptionInfo> list() const override;
    DeliveryCounts totals() const override;

    // Compiles a filter as subscribe would, and keeps nothing.
    Result<void, Diagnostics> check(const std::string& filter) const;

    events::CataloguePtr catalogue() const;
    // Events published from now on are judged by this one. What each subscription may read is decided anew,
    // by the rights that are now in force, and so is what it can match.
    void replace_catalogue(events::CataloguePtr catalogue);

  private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace clacks
