// What the bus asks, answered by the pipeline and the command registry.
#pragma once

#include "agent/api/bus.hpp"
#include "agent/commands/registry.hpp"
#include "agent/core/counted_sink.hpp"
#include "common/acl/access.hpp"

namespace clacks {

class AgentBusHandler final : public BusHandler {
  public:
    // All must outlive the handler.
    AgentBusHandler(CountedSink& events, Subscriptions& subscriptions, const Registry& registry,
                    const acl::Access& access)
        : events_(events), subscriptions_(subscriptions), registry_(registry), access_(access) {}

    Result<Published> publish(Publication publication) override;
    void refused(const std::string& user) override;
    Result<std::unique_ptr<Subscription>, Diagnostics> subscribe(SubscriptionRequest request) override;
    void request(BusRequest request, std::function<void(std::string)> reply) override;
    Result<void, Diagnostic> may_send_to_client(const std::string& user, const std::string& id) override;
    Result<void, Diagnostic> may_receive_at_client(const std::string& user, const std::string& id) override;
    std::vector<std::string> command_queues() const override;

  private:
    CountedSink& events_;
    Subscriptions& subscriptions_;
    const Registry& registry_;
    const acl::Access& access_;
};

}  // namespace clacks
