// The same relay as one writes it with proton's C++ container: each message is decoded on its way in and
// encoded on its way out. Prints "PORT NUMBER" when it listens.
#include <sys/prctl.h>

#include <csignal>
#include <cstdio>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <proton/connection.hpp>
#include <proton/connection_options.hpp>
#include <proton/container.hpp>
#include <proton/delivery.hpp>
#include <proton/error_condition.hpp>
#include <proton/listen_handler.hpp>
#include <proton/listener.hpp>
#include <proton/message.hpp>
#include <proton/messaging_handler.hpp>
#include <proton/receiver.hpp>
#include <proton/receiver_options.hpp>
#include <proton/sender.hpp>
#include <proton/sender_options.hpp>
#include <proton/source.hpp>
#include <proton/source_options.hpp>
#include <proton/transport.hpp>
#include <proton/work_queue.hpp>
#include <utility>

namespace {

constexpr int kCredit = 1000;

using Message = std::shared_ptr<const proton::message>;

struct Receiver {
    proton::sender link;  // from here, the receiver's link is a sender
    std::deque<Message> queue;
    bool woken = false;
};

class ContainerRelay : public proton::messaging_handler, private proton::listen_handler {
    void on_container_start(proton::container& container) override { container.listen("127.0.0.1:0", *this); }

    void on_open(proton::listener& listener) override {
        std::printf("PORT %d\n", listener.port());
        std::fflush(stdout);
    }
    proton::connection_options on_accept(proton::listener&) override {
        return proton::connection_options().handler(*this).max_frame_size(64 * 1024);
    }

    void on_receiver_open(proton::receiver& receiver) override {
        receiver.open(proton::receiver_options().credit_window(kCredit));
    }
    void on_sender_open(proton::sender& sender) override {
        sender.open(
            proton::sender_options().source(proton::source_options().address(sender.source().address())));
        auto receiver = std::make_shared<Receiver>();
        receiver->link = sender;
        by_name_[sender.name()] = receiver;
        receivers_.push_back(std::move(receiver));
    }
    void on_transport_close(proton::transport& transport) override {
        receivers_.remove_if(
            [&](const auto& receiver) { return receiver->link.connection() == transport.connection(); });
    }

    void on_message(proton::delivery&, proton::message& message) override {
        const auto shared = std::make_shared<const proton::message>(std::move(message));
        for (const auto& receiver : receivers_) {
            receiver->queue.push_back(shared);
            if (std::exchange(receiver->woken, true)) continue;
            receiver->link.work_queue().add([receiver] {
                receiver->woken = false;
                pump(*receiver);
            });
        }
    }
    void on_sendable(proton::sender& sender) override {
        const auto found = by_name_.find(sender.name());
        if (found != by_name_.end()) pump(*found->second);
    }
    static void pump(Receiver& receiver) {
        while (!receiver.queue.empty() && receiver.link.credit() > 0) {
            receiver.link.send(*receiver.queue.front());
            receiver.queue.pop_front();
        }
    }

    void on_error(const proton::error_condition& error) override {
        std::fprintf(stderr, "container_relay: %s\n", error.what().c_str());
    }
    void on_transport_error(proton::transport&) override {}

    std::list<std::shared_ptr<Receiver>> receivers_;
    std::map<std::string, std::shared_ptr<Receiver>> by_name_;  // the load programs give each link its own
};

}  // namespace

int main() {
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    ContainerRelay relay;
    proton::container(relay).run();
    return 0;
}
