// A BusHandler for tests: takes every document that starts with '<', hands it to every subscription,
// and answers a request with its own body.
#pragma once

#include <algorithm>
#include <mutex>
#include <vector>

#include "agent/bus/bus.hpp"
#include "common/base/uuid.hpp"

namespace clacks::tests {

class EchoHandler : public BusHandler {
  public:
    Result<Published> publish(Publication publication) override {
        if (!publication.document.starts_with('<')) {
            Diagnostic error;
            error.code = "event-invalid";
            error.message = "the document does not start with '<'";
            error.line = error.column = 1;
            return error;
        }
        auto event = std::make_shared<events::Event>();
        event->name = "PhoneStatus";
        event->bytes = std::move(publication.document);
        auto message = std::make_shared<EventMessage>();
        message->event = event;
        message->message_id = random_uuid();
        message->user_id = publication.user;
        message->node = "fixture";
        message->creation_time = system_clock().wall();
        message->application_properties = std::move(publication.application_properties);
        const std::lock_guard lock(mutex_);
        for (auto* entry : entries_) entry->delivery->deliver(message);
        return Published{message->message_id, entries_.size()};
    }

    // The filter "bad" stands for one that does not compile.
    Result<std::unique_ptr<Subscription>, Diagnostics> subscribe(SubscriptionRequest request) override {
        if (request.filter == "bad") {
            Diagnostic error;
            error.code = "XPST0003";
            error.message = "unexpected end";
            return Diagnostics{error};
        }
        return std::unique_ptr<Subscription>(std::make_unique<Entry>(*this, std::move(request.delivery)));
    }

    void refused(const std::string&) override {}
    void request(BusRequest request, std::function<void(std::string)> reply) override { reply(request.body); }
    Result<void, Diagnostic> may_send_to_client(const std::string&, const std::string&) override {
        return {};
    }
    Result<void, Diagnostic> may_receive_at_client(const std::string&, const std::string&) override {
        return {};
    }
    std::vector<std::string> command_queues() const override { return {"core"}; }

    std::size_t subscriptions() const {
        const std::lock_guard lock(mutex_);
        return entries_.size();
    }

  private:
    struct Entry : Subscription {
        Entry(EchoHandler& its_owner, std::shared_ptr<Delivery> its_delivery)
            : owner(its_owner), delivery(std::move(its_delivery)) {
            const std::lock_guard lock(owner.mutex_);
            owner.entries_.push_back(this);
        }
        ~Entry() override {
            const std::lock_guard lock(owner.mutex_);
            std::erase(owner.entries_, this);
        }
        std::uint64_t id() const override { return 1; }
        EchoHandler& owner;
        std::shared_ptr<Delivery> delivery;
    };

    mutable std::mutex mutex_;
    std::vector<Entry*> entries_;
};

}  // namespace clacks::tests
