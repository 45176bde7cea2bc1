// What the bus asks, answered by the pipeline and the command registry.
#pragma once

#include "agent/api/bus.hpp"
#include "agent/commands/registry.hpp"
#include "agent/pipeline/pipeline.hpp"

namespace clacks {

class AgentBusHandler final : public BusHandler {
  public:
    // Both must outlive the handler.
    AgentBusHandler(Pipeline& pipeline, const Registry& registry)
        : pipeline_(pipeline), registry_(registry) {}

    Result<Published> publish(Publication publication) override;
    Result<std::unique_ptr<Subscription>, Diagnostics> subscribe(SubscriptionRequest request) override;
    void request(BusRequest request, std::function<void(std::string)> reply) override;
    std::vector<std::string> command_queues() const override;

  private:
    Pipeline& pipeline_;
    const Registry& registry_;
};

}  // namespace clacks
