// A real pipeline over the catalogue that ships, a clock that stands, and a delivery that keeps.
#pragma once

#include <catch2/catch.hpp>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

#include "agent/pipeline/pipeline.hpp"
#include "tests/support/open_access.hpp"

namespace clacks::testing {

inline const events::CataloguePtr& catalogue() {
    static const events::CataloguePtr shared = [] {
        auto loaded = events::Catalogue::load({CLACKS_SOURCE_DIR "/data/events"});
        if (!loaded) throw std::runtime_error(to_string(loaded.error()));
        return *loaded;
    }();
    return shared;
}

inline std::string phone(const std::string& status) {
    return "<Event xmlns=\"http://www.gonicus.de/Events\"><PhoneStatus><CallerId>1</CallerId>"
           "<ReceiverId>2</ReceiverId><Status>" +
           status + "</Status></PhoneStatus></Event>";
}

class StandingClock final : public Clock {
  public:
    WallTime wall() const override { return WallTime(std::chrono::milliseconds(1'700'000'000'123)); }
    SteadyTime steady() const override { return {}; }
};

class Kept final : public Delivery {
  public:
    void deliver(const EventMessagePtr& message) override {
        const std::lock_guard lock(mutex_);
        messages_.push_back(message);
    }
    DeliveryCounts counts() const override {
        const std::lock_guard lock(mutex_);
        return {.matched = messages_.size(), .delivered = messages_.size()};
    }
    std::vector<EventMessagePtr> messages() const {
        const std::lock_guard lock(mutex_);
        return messages_;
    }
    std::size_t size() const { return messages().size(); }

  private:
    mutable std::mutex mutex_;
    std::vector<EventMessagePtr> messages_;
};

struct Agent {
    Counters counters;
    StandingClock clock;
    acl::Access access{tests::everything_allowed()};
    Pipeline pipeline{catalogue(), PipelineOptions{.node = "node-1"}, access, counters, clock};

    struct Listener {
        std::shared_ptr<Kept> kept = std::make_shared<Kept>();
        std::unique_ptr<Subscription> subscription;
    };
    Listener listen(const std::string& filter) {
        Listener listener;
        auto subscribed = pipeline.subscribe({"user", "link", filter, listener.kept});
        INFO(filter << (subscribed ? "" : to_string(subscribed.error())));
        REQUIRE(subscribed);
        listener.subscription = std::move(*subscribed);
        return listener;
    }
    Published publish(const std::string& document, Properties standard = {}, Properties application = {}) {
        auto published = pipeline.publish({document, "joe", std::move(standard), std::move(application)});
        INFO((published ? "" : to_string(published.error())));
        REQUIRE(published);
        return *published;
    }
    // Whether a new subscription with this filter gets the event.
    bool wanted(const std::string& filter, Properties standard = {}, Properties application = {}) {
        const Listener listener = listen(filter);
        publish(phone("busy"), std::move(standard), std::move(application));
        return listener.kept->size() == 1;
    }
};

}  // namespace clacks::testing
