#include "agent/harness/module_harness.hpp"

#include <mutex>
#include <optional>
#include <utility>

#include "agent/commands/registry.hpp"
#include "agent/harness/manual_clock.hpp"
#include "agent/modules/host.hpp"
#include "agent/modules/loader.hpp"
#include "agent/pipeline/expressions.hpp"
#include "agent/pipeline/pipeline.hpp"
#include "common/acl/access.hpp"

namespace clacks {

namespace {

// Passes the modules' events on and keeps those that are valid.
class Recorder final : public EventSink {
  public:
    explicit Recorder(Pipeline& pipeline) : pipeline_(pipeline) {}
    Result<Published> publish(Publication publication) override {
        auto event = pipeline_.catalogue()->parse(publication.document);
        if (event) {
            const std::lock_guard lock(mutex_);
            events_.push_back(std::move(*event));
        }
        return pipeline_.publish(std::move(publication));
    }
    std::vector<events::EventPtr> events(std::string_view name) const {
        const std::lock_guard lock(mutex_);
        std::vector<events::EventPtr> found;
        for (const events::EventPtr& event : events_)
            if (name.empty() || event->name == name) found.push_back(event);
        return found;
    }

  private:
    Pipeline& pipeline_;
    mutable std::mutex mutex_;
    std::vector<events::EventPtr> events_;
};

}  // namespace

// In the order of their making; they end in the opposite order.
struct ModuleHarness::Parts {
    explicit Parts(HarnessOptions given) : options(std::move(given)) {
        host_options.node = options.node;
        host_options.domain = options.domain;
        host_options.status_interval = options.status_interval;
        host_options.node_timeout = options.node_timeout;
        host_options.mailbox = options.mailbox;
        host_options.mailbox_bytes = options.mailbox_bytes;
        host_options.command_deadline = options.command_deadline;
        host_options.expressions = &expressions;
        host_options.log = [this](ModuleLogLevel, const std::string& text) {
            const std::lock_guard lock(log_mutex);
            log += text + "\n";
        };
    }

    Result<void, Diagnostics> open() {
        std::vector<std::filesystem::path> folders = options.events;
        for (auto& folder : host.events_folders()) folders.push_back(std::move(folder));
        auto catalogue = events::Catalogue::load(folders);
        if (!catalogue) return std::move(catalogue).error();
        PipelineOptions pipeline_options;
        pipeline_options.node = options.node;
        pipeline.emplace(*catalogue, pipeline_options, access, counters, clock);
        recorder.emplace(*pipeline);
        services.emplace(
            HostServices{*recorder, *pipeline, registry, counters, clock, options.intakes, options.requests});
        return {};
    }

    HarnessOptions options;
    ManualClock clock;
    Counters counters;
    mutable std::mutex log_mutex;
    std::string log;
    const FilterExpressions expressions{PipelineOptions{}};
    HostOptions host_options;
    // What a test does, its module would see from users with every right.
    acl::Access access{acl::Acl::parse("group agents *\nallow * * xr\n", "harness", options.domain).value()};
    Registry registry{access, counters, nullptr};
    std::optional<Pipeline> pipeline;
    std::optional<Recorder> recorder;
    std::optional<HostServices> services;
    ModuleHost host;
};

ModuleHarness::ModuleHarness(HarnessOptions options) : parts_(std::make_unique<Parts>(std::move(options))) {}

ModuleHarness::~ModuleHarness() {
    stop();
}

Result<void, Diagnostic> ModuleHarness::add(std::unique_ptr<Module> module) {
    return parts_->host.add({std::move(module), {}});
}

Result<void, Diagnostics> ModuleHarness::load(const std::filesystem::path& file) {
    auto loaded = load_modules({file.parent_path()}, {file.stem().string()}, {});
    if (!loaded) return std::move(loaded).error();
    if (auto added = parts_->host.add(std::move(loaded->front())); !added)
        return Diagnostics{std::move(added).error()};
    return {};
}

void ModuleHarness::set(const std::string& section, std::map<std::string, std::string> values) {
    parts_->host_options.settings[section] = std::move(values);
}

Result<void, Diagnostics> ModuleHarness::configure() {
    return parts_->host.configure(parts_->host_options);
}

Result<void, Diagnostics> ModuleHarness::start() {
    if (auto configured = configure(); !configured) return configured;
    if (auto opened = parts_->open(); !opened) return opened;
    return parts_->host.start(*parts_->services);
}

void ModuleHarness::stop() {
    parts_->host.stop();
}

Result<Published> ModuleHarness::publish(std::string document, std::string user) {
    Publication publication;
    publication.document = std::move(document);
    publication.user = std::move(user);
    return parts_->pipeline->publish(std::move(publication));
}

nlohmann::json ModuleHarness::call(const std::string& method, nlohmann::json parameters,
                                   const std::string& queue) {
    const nlohmann::json request = {{"method", method}, {"params", std::move(parameters)}, {"id", 1}};
    nlohmann::json answer;
    parts_->registry.handle({"tester", queue, request.dump()},
                            [&](const std::string& text) { answer = nlohmann::json::parse(text); });
    return answer;
}

void ModuleHarness::advance(std::chrono::milliseconds time) {
    parts_->clock.advance(time);
    settle();
}

// Settled is: while the modules' threads were waited for, nothing came and nothing was taken. What a process
// of its own has been given may be left.
void ModuleHarness::settle() {
    DeliveryCounts before, after = parts_->pipeline->totals();
    do {
        before = after;
        parts_->host.pass();
        after = parts_->pipeline->totals();
    } while (after.matched != before.matched || after.delivered != before.delivered);
}

std::vector<events::EventPtr> ModuleHarness::sent(std::string_view name) const {
    return parts_->recorder ? parts_->recorder->events(name) : std::vector<events::EventPtr>{};
}

std::string ModuleHarness::log() const {
    const std::lock_guard lock(parts_->log_mutex);
    return parts_->log;
}

std::vector<SubscriptionInfo> ModuleHarness::subscriptions() const {
    return parts_->pipeline ? parts_->pipeline->list() : std::vector<SubscriptionInfo>{};
}

std::uint64_t ModuleHarness::failures() const {
    return parts_->counters.module_errors;
}

std::uint64_t ModuleHarness::dropped() const {
    const std::uint64_t events = parts_->pipeline ? parts_->pipeline->totals().dropped() : 0;
    return events + parts_->counters.messages_dropped;
}

}  // namespace clacks
