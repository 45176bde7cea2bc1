// A connection with one sender, and a reply address where answers are expected: sends a message and
// waits for what becomes of it.
#pragma once

#include <atomic>
#include <future>
#include <map>
#include <proton/sender.hpp>
#include <string>
#include <unordered_map>

#include "common/client/connection.hpp"

namespace clacks::client {

class Messenger final : public Connection {
  public:
    enum class Expect { acceptance, reply };

    Messenger(Endpoint endpoint, std::string address, Expect expect);

    // Blocks until the message is accepted ("") or answered (the reply's body). Errors: "message-rejected"
    // with the peer's reason, "time-out", or why the connection ended. Any thread but the one in run().
    Result<std::string> exchange(std::string body, const std::string& content_type, SteadyTime deadline);

  private:
    using Id = std::uint64_t;
    using Outcome = Result<std::string>;

    void on_established(proton::connection& connection) override;
    void on_over() override;
    void on_sender_open(proton::sender& sender) override;
    void on_receiver_open(proton::receiver& receiver) override;
    void on_message(proton::delivery& delivery, proton::message& message) override;
    void on_tracker_accept(proton::tracker& tracker) override;
    void on_tracker_reject(proton::tracker& tracker) override;
    void on_tracker_release(proton::tracker& tracker) override;
    void transfer(Id id, const std::string& body, const std::string& content_type);
    void settled(proton::tracker& tracker, std::optional<Outcome> outcome);
    void resolve(Id id, Outcome outcome);
    void check_ready();

    const Expect expect_;
    std::atomic<Id> next_{1};
    std::mutex waiting_mutex_;
    std::map<Id, std::promise<Outcome>> waiting_;
    bool ended_ = false;  // with waiting_mutex_
    // On the thread in run():
    proton::sender sender_;
    bool sender_open_ = false;
    std::string reply_to_;
    std::unordered_map<const void*, Id> deliveries_;
};

}  // namespace clacks::client
