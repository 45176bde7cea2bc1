#include "agent/core/bus_handler.hpp"

#include <utility>

namespace clacks {

Result<Published> AgentBusHandler::publish(Publication publication) {
    return events_.publish(std::move(publication));
}

void AgentBusHandler::refused(const std::string& user) {
    events_.refused(user);
}

Result<std::unique_ptr<Subscription>, Diagnostics> AgentBusHandler::subscribe(SubscriptionRequest request) {
    return subscriptions_.subscribe(std::move(request));
}

void AgentBusHandler::request(BusRequest request, std::function<void(std::string)> reply) {
    registry_.handle(std::move(request), std::move(reply));
}

Result<void, Diagnostic> AgentBusHandler::may_send_to_client(const std::string& user, const std::string& id) {
    return access_.may_use_client(user, id, acl::Right::send);
}

Result<void, Diagnostic> AgentBusHandler::may_receive_at_client(const std::string& user,
                                                                const std::string& id) {
    return access_.may_use_client(user, id, acl::Right::receive);
}

std::vector<std::string> AgentBusHandler::command_queues() const {
    return registry_.queues();
}

}  // namespace clacks
