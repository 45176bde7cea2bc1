#include "agent/core/agent.hpp"

#include <algorithm>
#include <fstream>
#include <mutex>
#include <nlohmann/json.hpp>
#include <utility>

#include "agent/bus/bus.hpp"
#include "agent/commands/core_commands.hpp"
#include "agent/core/bus_handler.hpp"
#include "agent/core/command_worker.hpp"
#include "agent/core/quickstart.hpp"
#include "agent/modules/builtin.hpp"
#include "agent/modules/host.hpp"
#include "agent/modules/loader.hpp"
#include "common/amqp/sasldb.hpp"
#include "common/log/log.hpp"
#include "common/rpc/error_codes.hpp"

namespace clacks {

namespace {

namespace fs = std::filesystem;

// Folders that are looked into by default and need not be there.
constexpr const char* kOptionalFolder = "/etc/clacks/events";

Diagnostic problem(std::string code, std::string source, std::string message, std::string hint) {
    Diagnostic result;
    result.code = std::move(code);
    result.source = std::move(source);
    result.message = std::move(message);
    result.hint = std::move(hint);
    return result;
}

void append(Diagnostics& to, const Diagnostics& from) {
    to.insert(to.end(), from.begin(), from.end());
}

std::vector<fs::path> event_folders(const config::Settings& settings, const ModuleHost& modules) {
    std::vector<fs::path> folders;
    for (const fs::path& folder : settings.agent.events) {
        std::error_code error;
        if (folder == kOptionalFolder && !fs::exists(folder, error)) continue;
        folders.push_back(folder);
    }
    for (fs::path& folder : modules.events_folders()) folders.push_back(std::move(folder));
    return folders;
}

bool needs_tls(const config::Settings& settings) {
    return std::any_of(settings.amqp.listeners.begin(), settings.amqp.listeners.end(),
                       [](const Url& url) { return url.tls(); });
}

void check_readable(const fs::path& file, const char* what, Diagnostics& problems) {
    if (std::ifstream(file).good()) return;
    problems.push_back(problem("file-unreadable", file.string(),
                               std::string("the ") + what + " cannot be read",
                               "check its path and permissions"));
}

BusOptions bus_options(const config::Settings& settings) {
    BusOptions options;
    for (const Url& url : settings.amqp.listeners)
        options.listeners.push_back({url.host, url.port, url.tls()});
    options.certificate = settings.amqp.certificate.string();
    options.key = settings.amqp.private_key.string();
    options.sasldb = fs::absolute(settings.amqp.user_database).string();
    options.realm = settings.amqp.realm;
    options.domain = settings.core.domain;
    options.node = settings.core.id;
    options.frame_bytes = static_cast<std::uint32_t>(settings.amqp.max_frame_size);
    options.message_bytes = settings.amqp.max_message_size;
    options.open_deadline = settings.amqp.open_deadline;
    options.idle_timeout = settings.amqp.idle_time_out;
    options.max_connections = settings.amqp.max_connections;
    options.queue_events = settings.amqp.queue_events;
    options.queue_bytes = settings.amqp.queue_bytes;
    options.log = [](BusLogLevel level, const std::string& text) {
        if (level == BusLogLevel::warning)
            log::warning(text);
        else
            log::info(text);
    };
    return options;
}

HostOptions host_options(const config::Settings& settings) {
    HostOptions options;
    options.node = settings.core.id;
    options.domain = settings.core.domain;
    options.status_interval = settings.agent.status_interval;
    options.node_timeout = settings.agent.node_timeout;
    options.settings = settings.modules;
    options.log = [](ModuleLogLevel level, const std::string& text) {
        if (level == ModuleLogLevel::warning)
            log::warning(text);
        else
            log::info(text);
    };
    return options;
}

PipelineOptions pipeline_options(const config::Settings& settings) {
    PipelineOptions options;
    options.node = settings.core.id;
    options.filter_bytes = settings.filter.max_bytes;
    options.filter_nesting = settings.filter.nesting;
    options.filter_steps = settings.filter.steps;
    options.filter_memory = settings.filter.memory;
    return options;
}

void load_all_modules(const config::Settings& settings, ModuleHost& host, Diagnostics& problems) {
    std::vector<std::unique_ptr<Module>> modules = builtin_modules();
    if (!settings.agent.modules.empty()) {
        auto loaded = load_modules(settings.agent.modules);
        if (loaded)
            std::move(loaded->begin(), loaded->end(), std::back_inserter(modules));
        else
            append(problems, loaded.error());
    }
    for (auto& module : modules) {
        if (auto added = host.add(std::move(module)); !added) problems.push_back(added.error());
    }
    if (auto configured = host.configure(host_options(settings)); !configured)
        append(problems, configured.error());
}

}  // namespace

// In the order of their making; they end in the opposite order.
struct Agent::Parts {
    explicit Parts(config::Settings given) : settings(std::move(given)) {}

    config::Settings settings;
    Counters counters;
    std::mutex reload_mutex;
    ModuleHost modules;
    std::unique_ptr<CommandWorker> worker;
    std::unique_ptr<Pipeline> pipeline;
    std::unique_ptr<Registry> registry;
    std::unique_ptr<AgentBusHandler> handler;
    std::unique_ptr<HostServices> services;
    std::unique_ptr<Bus> bus;

    xml::ParseLimits event_limits() const {
        return {settings.events.max_bytes, settings.events.max_depth, settings.events.max_attributes};
    }
    Result<events::CataloguePtr, Diagnostics> load_catalogue() const {
        return events::Catalogue::load(event_folders(settings, modules), event_limits());
    }
};

Agent::Agent(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Agent::~Agent() {
    stop();
}

Result<std::unique_ptr<Agent>, Diagnostics> Agent::make(const config::Settings& settings) {
    auto parts = std::make_unique<Parts>(settings);
    Diagnostics problems;
    load_all_modules(settings, parts->modules, problems);
    auto catalogue = parts->load_catalogue();
    if (!catalogue) append(problems, catalogue.error());
    if (needs_tls(settings) && !settings.quickstart.enabled()) {
        check_readable(settings.amqp.certificate, "certificate", problems);
        check_readable(settings.amqp.private_key, "private key", problems);
    }
    if (!problems.empty()) return problems;
    parts->pipeline =
        std::make_unique<Pipeline>(*catalogue, pipeline_options(settings), parts->counters, system_clock());
    return std::unique_ptr<Agent>(new Agent(std::move(parts)));
}

namespace {

// The user and the certificate of a quickstart, made at its first start.
Result<void, Diagnostics> prepare_quickstart(config::Settings& settings) {
    auto files = make_quickstart_certificate(settings.agent.state_directory);
    if (!files) return Diagnostics{files.error()};
    if (settings.amqp.certificate.empty()) {
        settings.amqp.certificate = files->certificate;
        settings.amqp.private_key = files->private_key;
    }
    auto made = amqp::set_password(fs::absolute(settings.amqp.user_database).string(), settings.amqp.realm,
                                   settings.quickstart.user, settings.quickstart.password);
    if (!made) return Diagnostics{made.error()};
    log::info("quickstart: the user '" + settings.quickstart.user +
              "' may log in with the password of the configuration; not for production");
    return {};
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

}  // namespace

Result<void, Diagnostics> Agent::start() {
    Parts& p = *parts_;
    if (p.settings.quickstart.enabled()) {
        if (auto prepared = prepare_quickstart(p.settings); !prepared) return prepared;
    } else if (std::error_code error; !fs::exists(p.settings.amqp.user_database, error)) {
        log::warning("no user can log in: there is no user database " +
                     p.settings.amqp.user_database.string() + "; make one with: saslpasswd2 -c -f " +
                     p.settings.amqp.user_database.string() + " -u " + p.settings.amqp.realm + " NAME");
    }
    p.worker = std::make_unique<CommandWorker>();
    p.registry = std::make_unique<Registry>(
        p.counters, [worker = p.worker.get()](std::function<void()> work) { worker->run(std::move(work)); });
    const CoreServices core{*p.pipeline, *p.pipeline,
                            [pipeline = p.pipeline.get()] { return pipeline->catalogue(); },
                            p.settings.core.domain, p.settings.core.id};
    if (auto added = add_core_commands(*p.registry, core); !added) return added;
    auto reload_added = p.registry->add("core", reload_command(), [this](const Call&) -> CommandResult {
        auto done = reload();
        if (done) return nlohmann::json{{"events", *done}};
        return rpc::Error{rpc::kNotReloaded, to_string(done.error()), nullptr};
    });
    if (!reload_added) return Diagnostics{reload_added.error()};

    p.handler = std::make_unique<AgentBusHandler>(*p.pipeline, *p.registry);
    p.bus = std::make_unique<Bus>(bus_options(p.settings), *p.handler);
    if (auto started = p.bus->start(); !started) return started;
    p.services = std::make_unique<HostServices>(
        HostServices{*p.pipeline, *p.pipeline, *p.registry, p.counters, system_clock()});
    return p.modules.start(*p.services);
}

void Agent::stop() {
    Parts& p = *parts_;
    p.modules.stop();
    if (p.bus) p.bus->stop(p.settings.agent.drain_time);
    if (p.worker) p.worker->stop();
}

Result<std::size_t, Diagnostics> Agent::reload() {
    const std::lock_guard lock(parts_->reload_mutex);
    auto catalogue = parts_->load_catalogue();
    if (!catalogue) {
        log::warning("the event definitions were not reloaded, the old ones stay in force:\n" +
                     to_string(catalogue.error()));
        return std::move(catalogue).error();
    }
    const std::size_t types = (*catalogue)->types().size();
    parts_->pipeline->replace_catalogue(std::move(*catalogue));
    log::info("reloaded " + std::to_string(types) + " event definitions");
    return types;
}

std::string Agent::status() const {
    const Counters& c = parts_->counters;
    return std::to_string(c.published) + " events, " + std::to_string(c.subscriptions) + " subscriptions, " +
           std::to_string(c.dropped) + " dropped";
}

std::size_t Agent::event_types() const {
    return parts_->pipeline->catalogue()->types().size();
}

}  // namespace clacks
