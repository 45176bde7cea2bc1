#include "agent/core/agent.hpp"

#include <filesystem>
#include <future>
#include <mutex>
#include <nlohmann/json.hpp>
#include <utility>

#include "agent/bus/bus.hpp"
#include "agent/commands/core_commands.hpp"
#include "agent/core/bus_handler.hpp"
#include "agent/core/checks.hpp"
#include "agent/core/command_worker.hpp"
#include "agent/core/gate.hpp"
#include "agent/core/options.hpp"
#include "agent/core/quickstart.hpp"
#include "agent/modules/builtin.hpp"
#include "agent/modules/host.hpp"
#include "agent/modules/loader.hpp"
#include "common/amqp/sasldb.hpp"
#include "common/rpc/error_codes.hpp"

namespace clacks {

namespace fs = std::filesystem;

namespace {

void append(Diagnostics& to, Diagnostics from) {
    std::move(from.begin(), from.end(), std::back_inserter(to));
}

void add_modules(const config::Settings& settings, ModuleHost& host, Diagnostics& problems) {
    std::vector<std::unique_ptr<Module>> modules = builtin_modules();
    if (!settings.agent.modules.empty()) {
        auto loaded = load_modules(settings.agent.modules);
        if (loaded)
            std::move(loaded->begin(), loaded->end(), std::back_inserter(modules));
        else
            append(problems, std::move(loaded).error());
    }
    for (auto& module : modules)
        if (auto added = host.add(std::move(module)); !added) problems.push_back(std::move(added).error());
    if (auto done = host.configure(host_options(settings)); !done) append(problems, std::move(done).error());
}

CommandSpec reload_command() {
    CommandSpec spec;
    spec.name = "reload";
    spec.documentation = "Loads the event definitions anew; with an error the old ones stay in force.";
    spec.result = "an object with the number of events";
    spec.needs_user = true;
    spec.may_wait = true;
    return spec;
}

rpc::Error not_reloaded(const Diagnostics& problems) {
    nlohmann::json data = nlohmann::json::array();
    for (const Diagnostic& found : problems) data.push_back(to_string(found));
    return {rpc::kNotReloaded, "not reloaded, what was there stays in force: " + to_string(problems.front()),
            std::make_shared<const nlohmann::json>(std::move(data))};
}

}  // namespace

// In the order of their making; they end in the opposite order.
struct Agent::Parts {
    explicit Parts(const config::Settings& given) : settings(given) {}

    config::Settings settings;
    Counters counters;
    std::mutex reload_mutex;
    ModuleHost modules;
    std::unique_ptr<Pipeline> pipeline;
    std::unique_ptr<Gate> gate;
    std::unique_ptr<CommandWorker> worker;
    std::unique_ptr<Registry> registry;
    std::unique_ptr<CoreServices> services;
    std::unique_ptr<HostServices> module_services;
    std::unique_ptr<AgentBusHandler> handler;
    std::unique_ptr<Bus> bus;
    bool stopped = false;

    events::CataloguePtr load_catalogue(Diagnostics& problems) const {
        const auto folders = event_folders(settings, modules.events_folders(), problems);
        if (folders.empty()) return nullptr;
        auto loaded = events::Catalogue::load(folders, event_limits(settings));
        if (loaded) return std::move(*loaded);
        append(problems, std::move(loaded).error());
        return nullptr;
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
    add_modules(settings, parts->modules, problems);
    const events::CataloguePtr catalogue = parts->load_catalogue(problems);
    if (!problems.empty()) return problems;
    parts->pipeline =
        std::make_unique<Pipeline>(catalogue, pipeline_options(settings), parts->counters, system_clock());
    return std::unique_ptr<Agent>(new Agent(std::move(parts)));
}

// The user, and the certificate unless one is configured.
Result<void, Diagnostic> Agent::Parts::prepare_quickstart() {
    auto files = make_quickstart_certificate(settings.agent.state_directory);
    if (!files) return std::move(files).error();
    if (settings.amqp.certificate.empty()) {
        settings.amqp.certificate = files->certificate;
        settings.amqp.private_key = files->private_key;
    }
    log::warning("quickstart: the user '" + settings.quickstart.user +
                 "' has the password of the configuration; remove [quickstart] for production");
    return amqp::set_password(fs::absolute(settings.amqp.user_database).string(), settings.amqp.realm,
                              settings.quickstart.user, settings.quickstart.password);
}

Diagnostics Agent::Parts::add_commands(Agent& agent) {
    services = std::make_unique<CoreServices>(CoreServices{
        *gate, *pipeline, [this] { return pipeline->catalogue(); }, settings.core.domain, settings.core.id});
    if (auto added = add_core_commands(*registry, *services); !added) return std::move(added).error();
    auto added = registry->add("core", reload_command(), [&agent](const Call&) -> CommandResult {
        const auto done = agent.reload();
        if (!done) return not_reloaded(done.error());
        return nlohmann::json{{"events", *done}};
    });
    if (!added) return {std::move(added).error()};
    return {};
}

Result<void, Diagnostics> Agent::start() {
    Parts& p = *parts_;
    std::error_code error;
    const std::string users = p.settings.amqp.user_database.string();
    if (p.settings.quickstart.enabled()) {
        if (auto prepared = p.prepare_quickstart(); !prepared)
            return Diagnostics{std::move(prepared).error()};
    } else if (!fs::exists(users, error)) {
        log::warning("nobody can log in: there is no user database " + users +
                     "; make one with: saslpasswd2 -c -f " + users + " -u " + p.settings.amqp.realm +
                     " NAME");
    }
    p.gate = std::make_unique<Gate>(*p.pipeline);
    p.worker = std::make_unique<CommandWorker>();
    p.registry = std::make_unique<Registry>(
        p.counters, [worker = p.worker.get()](std::function<void()> work) { worker->run(std::move(work)); });
    if (auto problems = p.add_commands(*this); !problems.empty()) return problems;

    p.handler = std::make_unique<AgentBusHandler>(*p.gate, *p.pipeline, *p.registry);
    auto bus = std::make_unique<Bus>(bus_options(p.settings), *p.handler);
    if (auto started = bus->start(); !started) return started;
    p.bus = std::move(bus);
    p.module_services = std::make_unique<HostServices>(
        HostServices{*p.pipeline, *p.pipeline, *p.registry, p.counters, system_clock()});
    return p.modules.start(*p.module_services);
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
    p.bus->stop(p.settings.agent.drain_time);
    log::info("counted by the agent: " + to_string(p.counters));
    log::info("counted by the bus: " + to_string(p.bus->counters()));
}

Result<std::size_t, Diagnostics> Agent::reload() {
    Parts& p = *parts_;
    const std::lock_guard lock(p.reload_mutex);
    Diagnostics problems;
    const events::CataloguePtr catalogue = p.load_catalogue(problems);
    if (!problems.empty()) {
        for (const Diagnostic& found : problems) log::error("not reloaded: " + to_string(found));
        return problems;
    }
    const std::size_t types = catalogue->types().size();
    p.pipeline->replace_catalogue(catalogue);
    log::info("reloaded: " + std::to_string(types) + " event definitions");
    return types;
}

void Agent::reload_later(std::function<void()> done) {
    parts_->worker->run([this, done = std::move(done)] {
        (void)reload();
        done();
    });
}

std::string Agent::summary() const {
    std::string names;
    for (const std::string& name : parts_->modules.names()) names += (names.empty() ? "" : ", ") + name;
    return std::to_string(parts_->pipeline->catalogue()->types().size()) +
           " event definitions, modules: " + names;
}

}  // namespace clacks
