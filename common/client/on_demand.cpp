#include "common/client/on_demand.hpp"

namespace clacks::client {

OnDemand::OnDemand(std::string url, ConnectOptions options, AddressOf address_of, Messenger::Expect expect)
    : url_(std::move(url)),
      options_(std::move(options)),
      address_of_(std::move(address_of)),
      expect_(expect) {}

OnDemand::~OnDemand() {
    if (current_) current_->close();
    if (thread_.joinable()) thread_.join();
}

Result<std::string> OnDemand::exchange(std::string body, const std::string& content_type) {
    const auto& clock = system_clock();
    auto connected = messenger();
    if (!connected) return std::move(connected).error();
    const auto& now = connected.value();
    if (auto ready = now->wait_ready(clock.steady() + options_.timeout); !ready)
        return std::move(ready).error();
    return now->exchange(std::move(body), content_type, clock.steady() + options_.timeout);
}

Result<std::shared_ptr<Messenger>> OnDemand::messenger() {
    const std::lock_guard lock(mutex_);
    if (current_ && !current_->over()) return current_;
    auto endpoint = make_endpoint(url_, options_);
    if (!endpoint) return std::move(endpoint).error();
    if (thread_.joinable()) thread_.join();
    const std::string address = address_of_(endpoint->domain);
    current_ = std::make_shared<Messenger>(std::move(endpoint).value(), address, expect_);
    thread_ = std::thread([this, messenger = current_] {
        const std::string at = messenger->endpoint().url.shown();
        if (const auto failure = messenger->run())
            say("not connected to " + at + ": " + failure->diagnostic.message);
    });
    return current_;
}

void OnDemand::say(const std::string& line) const {
    if (options_.log) options_.log(line);
}

}  // namespace clacks::client
