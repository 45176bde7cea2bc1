// What the module host of this process uses, had from the agent at the other end of the link.
//
// Thread safety: as the interfaces say. deliver, call, take and answered come from the link's reader.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "agent/api/command.hpp"
#include "agent/api/events.hpp"
#include "agent/api/intake.hpp"
#include "agent/api/requests.hpp"
#include "agent/commands/command_worker.hpp"
#include "agent/module-host/link.hpp"

namespace clacks {

// Things under numbers that the agent speaks of them by. Thread safe.
template <class Thing>
class Numbered {
  public:
    std::uint64_t add(Thing thing) {
        const std::lock_guard lock(mutex_);
        things_.emplace(++last_, std::move(thing));
        return last_;
    }
    // Thing() where there is none.
    Thing find(std::uint64_t number) const {
        const std::lock_guard lock(mutex_);
        const auto found = things_.find(number);
        return found == things_.end() ? Thing() : found->second;
    }
    Thing take(std::uint64_t number) {
        const std::lock_guard lock(mutex_);
        auto found = things_.extract(number);
        return found.empty() ? Thing() : std::move(found.mapped());
    }
    template <class Condition>
    void take_if(const Condition& condition) {
        const std::lock_guard lock(mutex_);
        std::erase_if(things_, [&](const auto& item) { return condition(item.second); });
    }

  private:
    mutable std::mutex mutex_;
    std::uint64_t last_ = 0;
    std::map<std::uint64_t, Thing> things_;
};

class RemoteEvents final : public EventSink {
  public:
    explicit RemoteEvents(Link& link) : link_(link) {}
    Result<Published> publish(Publication publication) override;

  private:
    Link& link_;
};

class RemoteSubscriptions final : public Subscriptions {
  public:
    explicit RemoteSubscriptions(Link& link) : link_(link) {}
    Result<std::unique_ptr<Subscription>, Diagnostics> subscribe(SubscriptionRequest request) override;
    // None: the agent lists them.
    std::vector<SubscriptionInfo> list() const override { return {}; }
    DeliveryCounts totals() const override { return {}; }

    // Hands the event to its subscription, and tells the agent when the module has let go of it.
    void deliver(const wire::Frame& frame);

  private:
    class Here;
    Link& link_;
    Numbered<std::shared_ptr<Delivery>> deliveries_;
};

class RemoteCommands final : public CommandRegistry {
  public:
    explicit RemoteCommands(Link& link) : link_(link) {}
    Result<void, Diagnostic> add(std::string provider, CommandSpec spec, CommandBody body) override;
    void remove(const std::string& provider) override;
    std::vector<Entry> list() const override;

    // Answers on another thread.
    void call(const wire::Frame& frame);
    void stop() { worker_.stop(); }

  private:
    Link& link_;
    Numbered<CommandBody> bodies_;
    CommandWorker worker_;
};

class RemoteIntakes final : public Intakes {
  public:
    explicit RemoteIntakes(Link& link) : link_(link) {}
    Result<std::uint16_t, Diagnostic> open_intake(Intake intake, IntakeHandler handler) override;

    void take(wire::Frame frame);

  private:
    Link& link_;
    Numbered<IntakeHandler> handlers_;
};

class RemoteRequests final : public ClientRequests {
  public:
    explicit RemoteRequests(Link& link) : link_(link) {}
    void ask(ClientRequest request, const std::shared_ptr<ClientAnswer>& answer) override;

    void answered(wire::Frame frame);

  private:
    Link& link_;
    Numbered<std::weak_ptr<ClientAnswer>> waiting_;
};

}  // namespace clacks
