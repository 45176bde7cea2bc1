// What the bus asks, answered by the pipeline and the command registry.
#pragma once

#include "agent/api/bus.hpp"
#include "agent/commands/registry.hpp"

namespace clacks {

class AgentBusHandler final : public BusHandler {
  public:
    // All must outlive the handler.
    AgentBusHandler(EventSink& events, Subscriptions& subscriptions, const Registry& registry)
        : events_(events), subscriptions_(subscriptions), registry_(registry) {}

    Result<Published> publish(Publication publication) override;
    Result<std::unique_ptr<Subscription>, Diagnostics> subscribe(SubscriptionRequest request) override;
    void request(BusRequest request, std::function<void(std::string)> reply) override;
    std::vector<std::string> command_queues() const override;

  private:
    EventSink& events_;
    Subscriptions& subscriptions_;
    const Registry& registry_;
};

}  // namespace clacks
