#include "tests/fuzz/amqp/peer.hpp"

#include <proton/connection_driver.h>
#include <proton/object.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <vector>

#include "agent/bus/connection.hpp"
#include "agent/bus/transport.hpp"
#include "tests/fuzz/amqp/conversation.hpp"

namespace clacks::fuzz {

namespace {

class Engine {
  public:
    Engine(bus::Shared& shared, ManualClock& clock, const std::shared_ptr<const bus::OpenIntake>& intake)
        : clock_(clock) {
        auto* connection = pn_connection();
        pn_connection_set_container(connection, shared.options.node.c_str());
        pn_connection_driver_init(&driver_, connection,
                                  bus::make_transport(shared, {}, intake != nullptr, nullptr));
        connection_.emplace(connection, shared, bus::Connection::Admission::within, intake);
        work();  // the transport is bound by the first events, before anything is read
    }
    ~Engine() {
        connection_.reset();
        pn_connection_driver_destroy(&driver_);
    }
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    // False when the bus reads no more.
    bool send(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto buffer = pn_connection_driver_read_buffer(&driver_);
            if (buffer.size == 0) return false;
            const std::size_t size = std::min(buffer.size, bytes.size());
            std::memcpy(buffer.start, bytes.data(), size);
            bytes.remove_prefix(size);
            pn_connection_driver_read_done(&driver_, size);
            work();
        }
        return true;
    }

    void let_time_pass(std::chrono::milliseconds time) {
        clock_.advance(time);
        work();
    }

    void hang_up() {
        pn_connection_driver_close(&driver_);
        work();
    }

    std::string received;

  private:
    // As the loop does it: the events of what was read, a wake for what was queued meanwhile, and what is
    // to be written; until nothing is left.
    void work() {
        handle_events();
        wake();
        do {
            handle_events();
        } while (write());
    }

    void handle_events() {
        while (auto* event = pn_connection_driver_next_event(&driver_))
            if (connection_ && !connection_->handle(event)) connection_.reset();
    }

    void wake() {
        if (!connection_) return;
        auto* connection = driver_.connection;
        pn_collector_put(driver_.collector, pn_class(connection), connection, PN_CONNECTION_WAKE);
    }

    bool write() {
        const auto bytes = pn_connection_driver_write_buffer(&driver_);
        received.append(bytes.start ? bytes.start : "", bytes.size);
        pn_connection_driver_write_done(&driver_, bytes.size);
        return bytes.size > 0;
    }

    ManualClock& clock_;
    pn_connection_driver_t driver_{};
    std::optional<bus::Connection> connection_;
};

std::vector<std::string> cut(const std::string& sent, Sending sending) {
    std::vector<std::string> parts;
    if (sending == Sending::frames) {
        for (const Part& part : read(sent)) parts.push_back(write({part}));
        return parts;
    }
    // Of a size that is the same for the same bytes.
    const std::size_t size = 1 + sent.size() * 7919 % 8191;
    for (std::size_t at = 0; at < sent.size(); at += size) parts.push_back(sent.substr(at, size));
    return parts;
}

// A peer knows its reply address, which the bus made up, only from what it received; until then it says
// zeros.
std::string with_reply_address(std::string part, const std::string& received) {
    constexpr std::string_view kPrefix = "org.clacks.reply.",
                               kUnknown = "00000000-0000-0000-0000-000000000000";
    const auto wanted = part.find(kUnknown);
    const auto known = received.rfind(kPrefix);
    if (wanted != std::string::npos && known != std::string::npos)
        part.replace(wanted, kUnknown.size(), received.substr(known + kPrefix.size(), kUnknown.size()));
    return part;
}

}  // namespace

std::string converse(bus::Shared& shared, ManualClock& clock,
                     const std::shared_ptr<const bus::OpenIntake>& intake, std::string_view sent,
                     Sending sending) {
    Engine engine(shared, clock, intake);
    for (const std::string& part : cut(std::string(sent), sending))
        if (!engine.send(with_reply_address(part, engine.received))) break;
    engine.let_time_pass(shared.options.open_deadline);
    engine.hang_up();
    return std::move(engine.received);
}

}  // namespace clacks::fuzz
