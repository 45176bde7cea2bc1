#include "common/client/publisher.hpp"

#include "common/amqp/addresses.hpp"
#include "common/client/on_demand.hpp"

namespace clacks {

class Publisher::Impl {
  public:
    Impl(std::string url, ConnectOptions options)
        : messenger(
              std::move(url), std::move(options),
              [](const std::string& domain) { return amqp::event_address(domain); },
              client::Messenger::Expect::acceptance) {}

    client::OnDemand messenger;
};

Publisher::Publisher(std::string url, ConnectOptions options)
    : impl_(std::make_unique<Impl>(std::move(url), std::move(options))) {}

Publisher::~Publisher() = default;

Result<void> Publisher::publish(std::string document) {
    auto outcome = impl_->messenger.exchange(std::move(document), "application/xml");
    if (outcome) return {};
    Diagnostic error = std::move(outcome).error();
    if (error.code == "message-rejected") error.code = "event-rejected";
    return error;
}

}  // namespace clacks
