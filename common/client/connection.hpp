// One AMQP connection of a client, from connecting to its end. What is done on it is the derived
// class's: links are opened in on_established(), and all proton callbacks come on the thread in run().
//
// Thread safety: run() once, by one thread; close(), post(), over() and wait_ready() by any.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <proton/connection.hpp>
#include <proton/container.hpp>
#include <proton/messaging_handler.hpp>
#include <string>

#include "common/base/clock.hpp"
#include "common/client/endpoint.hpp"
#include "common/client/failure.hpp"

namespace proton {
class work_queue;
}

namespace clacks::client {

class Connection : public proton::messaging_handler {
  public:
    // `address` is what failures of a link name.
    Connection(Endpoint endpoint, std::string address);
    ~Connection() override = default;
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    // Connects, logs in and serves until the end; nothing when close() ended it, else why it ended.
    std::optional<Failure> run();
    // Ends run() soon, before or while it runs.
    void close();
    // Runs the job on the thread in run(). False when there is no open connection; a job that was taken
    // is dropped when the connection ends first.
    bool post(std::function<void()> job);

    bool over() const;
    // Success once the links are in force.
    Result<void> wait_ready(SteadyTime deadline);

    const Endpoint& endpoint() const { return endpoint_; }

  protected:
    virtual void on_established(proton::connection& connection) = 0;
    // run() is about to return; the connection is of no more use.
    virtual void on_over() {}

    // On the thread in run(): the links are in force, or the connection is to end for this reason.
    void ready();
    void fail(Failure failure);
    const std::string& address() const { return address_; }
    // Why run() ended, for those who still wait. After the end only.
    Diagnostic reason() const;

  private:
    void on_container_start(proton::container& container) override;
    void on_connection_open(proton::connection& connection) override;
    void on_connection_error(proton::connection& connection) override;
    void on_connection_close(proton::connection& connection) override;
    void on_transport_error(proton::transport& transport) override;
    void on_transport_close(proton::transport& transport) override;
    void on_receiver_error(proton::receiver& receiver) override;
    void on_receiver_close(proton::receiver& receiver) override;
    void on_receiver_detach(proton::receiver& receiver) override;
    void on_sender_error(proton::sender& sender) override;
    void on_sender_close(proton::sender& sender) override;
    void on_sender_detach(proton::sender& sender) override;
    void on_error(const proton::error_condition& condition) override;
    void link_ended(const proton::error_condition& condition);
    void keep_time();
    void end();  // with mutex_

    enum class State { fresh, connecting, open, ready, over };

    const Endpoint endpoint_;
    const std::string address_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    State state_ = State::fresh;
    bool closing_ = false;  // from here
    bool ending_ = false;   // the peer was told
    std::optional<Failure> failure_;
    proton::work_queue* queue_ = nullptr;  // of connection_, while it is open
    proton::connection connection_;
    proton::container container_;
};

}  // namespace clacks::client
