#include "agent/core/agent.hpp"

#include <malloc.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <future>
#include <mutex>
#include <nlohmann/json.hpp>
#include <utility>

#include "agent/bus/bus.hpp"
#include "agent/commands/command_worker.hpp"
#include "agent/commands/core_commands.hpp"
#include "agent/core/bus_handler.hpp"
#include "agent/core/certificates.hpp"
#include "agent/core/checks.hpp"
#include "agent/core/counted_sink.hpp"
#include "agent/core/event_rate.hpp"
#include "agent/core/gate.hpp"
#include "agent/core/options.hpp"
#include "agent/core/quickstart.hpp"
#include "agent/core/subscription_quota.hpp"
#include "agent/modules/builtin.hpp"
#include "agent/modules/host.hpp"
#include "agent/modules/loader.hpp"
#include "agent/pipeline/expressions.hpp"
#include "common/amqp/sasldb.hpp"
#include "common/service/log_settings.hpp"

namespace clacks {

namespace fs = std::filesystem;

namespace {

void append(Diagnostics& to, Diagnostics from) {
    std::move(from.begin(), from.end(), std::back_inserter(to));
}

// Reading schemas and certificates takes more than what is kept of it.
void give_back_memory() {
    ::malloc_trim(0);
}

// Those that have a section and are not part of the agent.
std::vector<std::string> modules_to_load(const config::Settings& settings,
                                         const std::vector<std::string>& builtin) {
    std::vector<std::string> names;
    for (const auto& [section, values] : settings.modules) {
        std::string name = module_of(section);
        const auto known = [&](const std::vector<std::string>& in) {
            return std::find(in.begin(), in.end(), name) != in.end();
        };
        if (!known(builtin) && !known(names)) names.push_back(std::move(name));
    }
    return names;
}

void add_modules(const config::Settings& settings, const Expressions& expressions, ModuleHost& host,
                 Diagnostics& problems) {
    Diagnostics found;
    const auto add = [&](FoundModule module) {
        if (auto added = host.add(std::move(module)); !added) found.push_back(std::move(added).error());
    };
    for (auto& module : builtin_modules()) add({std::move(module), {}});
    const std::vector<std::string> builtin = host.names();
    auto loaded = load_modules(settings.agent.modules, modules_to_load(settings, builtin), builtin,
                               own_processes(settings));
    if (loaded)
        for (FoundModule& module : *loaded) add(std::move(module));
    else
        append(found, std::move(loaded).error());
    HostOptions options = host_options(settings);
    options.expressions = &expressions;
    if (auto done = host.configure(options); !done) append(found, std::move(done).error());
    for (Diagnostic& problem : found) place_in_file(settings, problem);
    append(problems, std::move(found));
}

}  // namespace

// In the order of their making; they end in the opposite order.
struct Agent::Parts {
    explicit Parts(const config::Settings& given) : settings(given), expressions(pipeline_options(given)) {}

    config::Settings settings;  // what is in force; its live part changes under reload_mutex
    Counters counters;
    acl::Access access{acl::Acl::none(settings.core.domain)};
    mutable std::mutex reload_mutex;
    const FilterExpressions expressions;
    ModuleHost modules;
    std::unique_ptr<Pipeline> pipeline;
    std::unique_ptr<EventRate> rate;
    std::unique_ptr<Gate> gate;
    Publishers publishers;
    std::unique_ptr<CountedSink> from_users, from_modules;
    std::unique_ptr<SubscriptionQuota> quota;
    std::unique_ptr<CommandWorker> worker;
    std::unique_ptr<Registry> registry;
    std::unique_ptr<CoreServices> services;
    std::unique_ptr<HostServices> module_services;
    std::unique_ptr<AgentBusHandler> handler;
    std::unique_ptr<Bus> bus;
    CertificateWatch certificates;
    bool stopped = false;
    std::atomic<bool> reload_waits{false};  // one that reload_later was asked for has not begun

    events::CataloguePtr load_catalogue(const config::Settings& wanted, Diagnostics& problems) const {
        const auto folders = event_folders(wanted, modules.events_folders(), problems);
        if (folders.empty()) return nullptr;
        auto loaded = events::Catalogue::load(folders, event_limits(wanted));
        if (loaded) return std::move(*loaded);
        append(problems, std::move(loaded).error());
        return nullptr;
    }
    // The configured certificate, or that of the quickstart.
    static BusCertificate certificate(const config::Settings& wanted) {
        const config::AmqpSettings& amqp = wanted.amqp;
        QuickstartFiles own{amqp.certificate, amqp.private_key};
        if (own.certificate.empty() && wanted.quickstart.enabled())
            own = quickstart_files(wanted.agent.state_directory);
        return {own.certificate.string(), own.private_key.string(), amqp.client_ca.string(),
                amqp.client_crl.string()};
    }
    // Of those the files that a listener uses.
    void watch_certificates(const config::Settings& wanted) {
        const config::AmqpSettings& amqp = wanted.amqp;
        const bool by_certificate = !amqp.certificate_listeners.empty();
        const bool tls = by_certificate || std::any_of(amqp.listeners.begin(), amqp.listeners.end(),
                                                       [](const Url& url) { return url.tls(); });
        const BusCertificate used = certificate(wanted);
        std::vector<WatchedFile> files;
        if (tls) files.push_back({"certificate", used.chain});
        if (by_certificate) files.push_back({"authority", used.client_ca});
        if (by_certificate && !used.client_crl.empty()) files.push_back({"revocation list", used.client_crl});
        certificates.take(files, system_clock().wall());
    }
    Result<void, Diagnostic> prepare_quickstart();
    Diagnostics add_commands(Agent& agent);
    void wait_for_bus_thread();
};

Agent::Agent(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Agent::~Agent() {
    stop();
}

Result<std::unique_ptr<Agent>, Diagnostics> Agent::make(const config::Settings& settings) {
    auto parts = std::make_unique<Parts>(settings);
    Diagnostics problems;
    check_certificate(settings, problems);
    check_client_certificates(settings, problems);
    add_modules(settings, parts->expressions, parts->modules, problems);
    const events::CataloguePtr catalogue = parts->load_catalogue(settings, problems);
    acl::AclPtr acl = load_acl(settings, settings.core.domain, problems);
    if (!problems.empty()) return problems;
    parts->access.replace(std::move(acl));
    parts->pipeline = std::make_unique<Pipeline>(catalogue, pipeline_options(settings), parts->access,
                                                 parts->counters, system_clock());
    return std::unique_ptr<Agent>(new Agent(std::move(parts)));
}

// The user, and a certificate, used unless one is configured.
Result<void, Diagnostic> Agent::Parts::prepare_quickstart() {
    auto files = make_quickstart_certificate(settings.agent.state_directory);
    if (!files) return std::move(files).error();
    log::warning("quickstart: the user '" + settings.quickstart.user +
                     "' has the password of the configuration; remove [quickstart] for production",
                 {"quickstart", {}, {}});
    return amqp::set_password(fs::absolute(settings.amqp.user_database).string(), settings.amqp.realm,
                              settings.quickstart.user, settings.quickstart.password);
}

Diagnostics Agent::Parts::add_commands(Agent& agent) {
    services = std::make_unique<CoreServices>(
        CoreServices{*from_users, *pipeline, [this] { return pipeline->catalogue(); }, settings.core.domain,
                     settings.core.id, publishers, [this] { return bus ? bus->counters().open.load() : 0; }});
    if (auto added = add_core_commands(*registry, *services); !added) return std::move(added).error();
    auto added = registry->add("core", reload_command(), [&agent](const Call&) -> CommandResult {
        return reload_answer(agent.reload());
    });
    if (!added) return {std::move(added).error()};
    return {};
}

Result<void, Diagnostics> Agent::start() {
    Parts& p = *parts_;
    if (p.settings.quickstart.enabled()) {
        if (auto prepared = p.prepare_quickstart(); !prepared)
            return Diagnostics{std::move(prepared).error()};
    } else if (const auto missing = missing_users(p.settings)) {
        log::problem(log::Level::Warning, *missing);
    }
    if (const auto missing = missing_acl(p.settings)) log::problem(log::Level::Warning, *missing);
    const config::LimitSettings& limits = p.settings.limits;
    p.rate = std::make_unique<EventRate>(limits.events_per_second, system_clock());
    p.gate = std::make_unique<Gate>(*p.pipeline, *p.rate, p.counters);
    p.from_users = std::make_unique<CountedSink>(*p.gate, p.publishers);
    p.from_modules = std::make_unique<CountedSink>(*p.pipeline, p.publishers);
    p.quota = std::make_unique<SubscriptionQuota>(
        *p.pipeline, SubscriptionQuota::Limits{limits.subscriptions_per_user, limits.subscriptions},
        p.counters);
    p.worker = std::make_unique<CommandWorker>();
    p.registry = std::make_unique<Registry>(
        p.access, p.counters,
        [worker = p.worker.get()](std::function<void()> work) { worker->run(std::move(work)); });
    if (auto problems = p.add_commands(*this); !problems.empty()) return problems;

    p.handler = std::make_unique<AgentBusHandler>(*p.from_users, *p.quota, *p.registry, p.access);
    BusOptions options = bus_options(p.settings);
    options.certificate = p.certificate(p.settings);
    auto bus = std::make_unique<Bus>(std::move(options), *p.handler);
    if (auto started = bus->start(); !started) return started;
    p.bus = std::move(bus);
    p.watch_certificates(p.settings);
    p.module_services = std::make_unique<HostServices>(HostServices{
        *p.from_modules, *p.pipeline, *p.registry, p.counters, system_clock(), p.bus.get(), p.bus.get()});
    auto started = p.modules.start(*p.module_services);
    give_back_memory();
    return started;
}

// No publish of a stranger is under way once the bus thread has come by.
void Agent::Parts::wait_for_bus_thread() {
    auto passed = std::make_shared<std::promise<void>>();
    const std::future<void> done = passed->get_future();
    bus->post([passed] { passed->set_value(); });
    passed.reset();  // so that a bus that drops the work does not keep us waiting
    done.wait();
}

void Agent::stop() {
    Parts& p = *parts_;
    if (std::exchange(p.stopped, true)) return;
    if (p.gate) p.gate->close();
    if (p.bus) p.wait_for_bus_thread();
    if (p.worker) p.worker->stop();
    p.modules.stop();
    if (!p.bus) return;
    p.bus->stop(drain_time());
    log::info("accounts: " + to_string(p.publishers.total()) + "; " + to_string(p.pipeline->totals()),
              {"counted", "accounts", {}});
    log::info("counted by the agent: " + to_string(p.counters), {"counted", {}, {}});
    log::info("counted by the bus: " + to_string(p.bus->counters()), {"counted", "bus", {}});
}

Result<Reloaded, Diagnostics> Agent::reload() {
    Parts& p = *parts_;
    const std::lock_guard lock(p.reload_mutex);
    config::Loaded loaded = config::load_all(p.settings.files.front());
    Diagnostics problems = std::move(loaded.problems);
    events::CataloguePtr catalogue;
    acl::AclPtr acl;
    if (problems.empty()) {
        check_certificate(loaded.settings, problems);
        check_client_certificates(loaded.settings, problems);
        catalogue = p.load_catalogue(loaded.settings, problems);
        acl = load_acl(loaded.settings, p.settings.core.domain, problems);
    }
    if (problems.empty())
        if (auto taken = p.bus->take_certificate(p.certificate(loaded.settings)); !taken)
            problems.push_back(std::move(taken).error());
    if (!problems.empty()) {
        for (const Diagnostic& found : problems) log::problem(log::Level::Error, found, "not reloaded: ");
        return problems;
    }
    Reloaded reloaded{catalogue->types().size(), config::changes(p.settings, loaded.settings)};
    const log::Level before = log_level(p.settings.log.level);
    config::take_live(p.settings, loaded.settings);
    const log::Level after = log_level(p.settings.log.level);
    p.access.replace(std::move(acl));
    p.pipeline->replace_catalogue(catalogue);
    p.watch_certificates(p.settings);
    log::set_level(std::min(before, after));  // so that the change itself is told
    tell(reloaded);
    log::set_level(after);
    give_back_memory();
    return reloaded;
}

void Agent::reload_later(const std::function<void(bool)>& done) {
    Parts& p = *parts_;
    if (p.reload_waits.exchange(true)) return;
    const bool taken = p.worker->run([this, &p, done] {
        p.reload_waits = false;
        done(reload().ok());
    });
    if (taken) return;
    p.reload_waits = false;
    done(false);
}

Agent::Activity Agent::activity() const {
    const Parts& p = *parts_;
    return {p.counters.published, p.counters.subscriptions, p.bus->counters().open};
}

void Agent::post_to_bus(std::function<void()> work) {
    parts_->bus->post(std::move(work));
}

void Agent::look_at_certificates(WallTime now) {
    parts_->certificates.look(now);
}

std::chrono::milliseconds Agent::drain_time() const {
    const std::lock_guard lock(parts_->reload_mutex);
    return parts_->settings.agent.drain_time;
}

std::string Agent::summary() const {
    std::string names;
    for (const std::string& name : parts_->modules.names()) names += (names.empty() ? "" : ", ") + name;
    return std::to_string(parts_->pipeline->catalogue()->types().size()) +
           " event definitions, modules: " + names;
}

}  // namespace clacks
