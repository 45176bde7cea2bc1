#include "common/client/connection.hpp"

#include <proton/connection_options.hpp>
#include <proton/error.hpp>
#include <proton/error_condition.hpp>
#include <proton/receiver.hpp>
#include <proton/sender.hpp>
#include <proton/transport.hpp>
#include <proton/work_queue.hpp>
#include <thread>

#include "common/amqp/sasl_plugin.hpp"
#include "common/base/text.hpp"
#include "common/base/uuid.hpp"

namespace clacks::client {

namespace {

// For the peer's answer to a close; then the socket is closed anyway.
constexpr std::chrono::seconds kFarewell(1);

std::string socket_address(const Url& url) {
    const bool numeric6 = url.host.find(':') != std::string::npos;
    return url.scheme + "://" + (numeric6 ? "[" + url.host + "]" : url.host) + ":" + std::to_string(url.port);
}

// The plugin must be there before proton's first transport.
std::string installed() {
    amqp::install_sasl_client();
    return "clacks-" + random_uuid();
}

}  // namespace

Connection::Connection(Endpoint endpoint, std::string address)
    : endpoint_(std::move(endpoint)), address_(std::move(address)), container_(*this, installed()) {}

std::optional<Failure> Connection::run() {
    std::thread watch([this] { keep_time(); });
    try {
        container_.run();
    } catch (const std::exception& error) {
        // proton ends a container at a message it cannot read.
        const std::lock_guard lock(mutex_);
        if (!failure_)
            failure_ = Failure{problem(
                "protocol",
                endpoint_.url.shown() + " sent what is no AMQP 1.0 message: " + one_line(error.what(), 200))};
    }
    {
        const std::lock_guard lock(mutex_);
        state_ = State::over;
        queue_ = nullptr;
        connection_ = {};
    }
    changed_.notify_all();
    watch.join();
    on_over();
    const std::lock_guard lock(mutex_);
    if (closing_) return std::nullopt;
    if (!failure_)
        failure_ = Failure{problem("disconnected", "the connection to " + endpoint_.url.shown() + " ended")};
    return failure_;
}

// A thread of its own: a container with a timer of proton's does not end before the timer is due.
void Connection::keep_time() {
    std::unique_lock lock(mutex_);
    const auto deadline = system_clock().steady() + endpoint_.options.timeout;
    const auto settled = [&] { return state_ == State::ready || state_ == State::over || ending_; };
    if (!changed_.wait_until(lock, deadline, settled)) {
        if (!failure_)
            failure_ = time_out(endpoint_.url, state_ == State::open ? "opening links" : "connecting");
        return container_.stop();
    }
    changed_.wait(lock, [&] { return state_ == State::over || ending_; });
    if (!changed_.wait_for(lock, kFarewell, [&] { return state_ == State::over; })) container_.stop();
}

void Connection::close() {
    const std::lock_guard lock(mutex_);
    closing_ = true;
    if (state_ == State::fresh || state_ == State::over) return;
    if (queue_ && queue_->add([this] { connection_.close(); }))
        end();
    else
        container_.stop();
}

void Connection::end() {
    ending_ = true;
    changed_.notify_all();
}

bool Connection::post(std::function<void()> job) {
    const std::lock_guard lock(mutex_);
    return queue_ && !closing_ && queue_->add(std::move(job));
}

bool Connection::over() const {
    const std::lock_guard lock(mutex_);
    return state_ == State::over;
}

Result<void> Connection::wait_ready(SteadyTime deadline) {
    std::unique_lock lock(mutex_);
    changed_.wait_until(lock, deadline, [&] { return state_ == State::ready || state_ == State::over; });
    if (state_ == State::ready) return {};
    if (state_ != State::over) return time_out(endpoint_.url, "connecting").diagnostic;
    if (failure_) return failure_->diagnostic;
    return problem("closed", "the connection to " + endpoint_.url.shown() + " was closed");
}

void Connection::ready() {
    {
        const std::lock_guard lock(mutex_);
        state_ = State::ready;
    }
    changed_.notify_all();
}

void Connection::fail(Failure failure) {
    bool open = false;
    {
        const std::lock_guard lock(mutex_);
        if (failure_) return;
        failure_ = std::move(failure);
        open = queue_ != nullptr;
        end();
    }
    if (!open) return container_.stop();
    connection_.close();
}

Diagnostic Connection::reason() const {
    const std::lock_guard lock(mutex_);
    if (failure_) return failure_->diagnostic;
    return problem("closed", "the connection to " + endpoint_.url.shown() + " was closed");
}

void Connection::on_container_start(proton::container& container) {
    {
        const std::lock_guard lock(mutex_);
        if (closing_) return container.stop();
        state_ = State::connecting;
    }
    // They may have been renewed since, or half of them.
    if (auto usable = check_certificate(endpoint_.own); !usable) return fail({std::move(usable).error()});
    try {
        container.connect(socket_address(endpoint_.url), connection_options(endpoint_));
    } catch (const std::exception& error) {
        fail({problem(
            "tls-untrusted",
            "the certificates in " + endpoint_.trust + " cannot be used: " + one_line(error.what(), 200),
            "name a file of PEM certificates with --ca or CLACKS_CA")});
    }
}

void Connection::on_connection_open(proton::connection& connection) {
    {
        const std::lock_guard lock(mutex_);
        if (closing_) return connection.close();
        connection_ = connection;
        queue_ = &connection.work_queue();
        state_ = State::open;
    }
    on_established(connection);
}

void Connection::on_connection_error(proton::connection& connection) {
    const auto error = connection.error();
    fail(connection_failure(error.name(), error.description(), endpoint_.url, endpoint_.trust,
                            endpoint_.own.chain));
}

void Connection::on_connection_close(proton::connection&) {
    fail({problem("disconnected", endpoint_.url.shown() + " closed the connection")});
}

void Connection::on_transport_error(proton::transport& transport) {
    const auto error = transport.error();
    fail(connection_failure(error.name(), error.description(), endpoint_.url, endpoint_.trust,
                            endpoint_.own.chain));
}

void Connection::on_transport_close(proton::transport&) {
    {
        const std::lock_guard lock(mutex_);
        queue_ = nullptr;
    }
    container_.stop();
}

void Connection::link_ended(const proton::error_condition& condition) {
    fail(link_failure(condition.name(), condition.empty() ? "the agent closed it" : condition.description(),
                      endpoint_.url, address_));
}

void Connection::on_receiver_error(proton::receiver& receiver) {
    link_ended(receiver.error());
}
void Connection::on_receiver_close(proton::receiver& receiver) {
    link_ended(receiver.error());
}
void Connection::on_receiver_detach(proton::receiver& receiver) {
    link_ended(receiver.error());
}
void Connection::on_sender_error(proton::sender& sender) {
    link_ended(sender.error());
}
void Connection::on_sender_close(proton::sender& sender) {
    link_ended(sender.error());
}
void Connection::on_sender_detach(proton::sender& sender) {
    link_ended(sender.error());
}

// proton's default throws, and so would end the container.
void Connection::on_error(const proton::error_condition& condition) {
    fail(connection_failure(condition.name(), condition.description(), endpoint_.url, endpoint_.trust,
                            endpoint_.own.chain));
}

}  // namespace clacks::client
