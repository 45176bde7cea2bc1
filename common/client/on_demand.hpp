// A Messenger that is connected when it is first needed, and again when it is needed after a loss.
//
// Thread safety: any thread may call exchange(), several at once.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "common/client/messenger.hpp"

namespace clacks::client {

class OnDemand {
  public:
    // The address is made from the domain once the URL is read.
    using AddressOf = std::function<std::string(const std::string& domain)>;

    OnDemand(std::string url, ConnectOptions options, AddressOf address_of, Messenger::Expect expect);
    ~OnDemand();
    OnDemand(const OnDemand&) = delete;
    OnDemand& operator=(const OnDemand&) = delete;

    // Errors: as Messenger::exchange, and what is wrong with the URL. options.timeout is for the
    // connection, and again for the answer.
    Result<std::string> exchange(std::string body, const std::string& content_type);

  private:
    Result<std::shared_ptr<Messenger>> messenger();
    void say(const std::string& line) const;

    const std::string url_;
    const ConnectOptions options_;
    const AddressOf address_of_;
    const Messenger::Expect expect_;
    std::mutex mutex_;
    std::shared_ptr<Messenger> current_;
    std::thread thread_;  // in current_->run()
};

}  // namespace clacks::client
