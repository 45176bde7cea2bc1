#include "agent/core/options.hpp"

#include <filesystem>

namespace clacks {

namespace {

void log_bus(BusLogLevel level, const std::string& text) {
    const auto native = level == BusLogLevel::warning ? log::Level::Warning
                        : level == BusLogLevel::info  ? log::Level::Info
                                                      : log::Level::Debug;
    log::write(native, text, {"bus", "bus", {}});
}

void log_filter(const char* code, const std::string& text) {
    log::warning(text, {code, "pipeline", {}});
}

void log_module(ModuleLogLevel level, const std::string& text) {
    log::write(level == ModuleLogLevel::warning ? log::Level::Warning : log::Level::Info, text,
               {"module", "module", {}});
}

}  // namespace

BusOptions bus_options(const config::Settings& settings) {
    const config::AmqpSettings& amqp = settings.amqp;
    BusOptions options;
    for (const Url& url : amqp.listeners) options.listeners.push_back({url.host, url.port, url.tls()});
    for (const Url& url : amqp.certificate_listeners)
        options.listeners.push_back({url.host, url.port, url.tls(), true});
    // Agent::make has seen that it can be read.
    if (auto rule = amqp::parse_identity_rule(amqp.client_identity)) options.identity = std::move(*rule);
    options.sasldb = std::filesystem::absolute(amqp.user_database).string();
    options.realm = amqp.realm;
    options.domain = settings.core.domain;
    options.node = settings.core.id;
    options.frame_bytes = static_cast<std::uint32_t>(amqp.max_frame_size);
    options.message_bytes = amqp.max_message_size;
    options.open_deadline = amqp.open_deadline;
    options.idle_timeout = amqp.idle_time_out;
    options.max_connections = amqp.max_connections;
    options.max_per_address = amqp.max_connections_per_address;
    options.max_opening = amqp.max_opening;
    options.sessions = static_cast<std::uint16_t>(amqp.max_sessions);
    options.links = amqp.max_links;
    options.connection_bytes = amqp.connection_bytes;
    options.held_bytes = amqp.held_bytes;
    options.credit = static_cast<std::uint32_t>(amqp.credit);
    options.queue_events = amqp.queue_events;
    options.queue_bytes = amqp.queue_bytes;
    options.log = log_bus;
    return options;
}

PipelineOptions pipeline_options(const config::Settings& settings) {
    PipelineOptions options;
    options.node = settings.core.id;
    options.filter_bytes = settings.filter.max_bytes;
    options.filter_nesting = settings.filter.nesting;
    options.filter_steps = settings.filter.steps;
    options.filter_memory = settings.filter.memory;
    options.steps_per_second = settings.limits.filter_steps_per_second;
    options.warn = log_filter;
    return options;
}

xml::ParseLimits event_limits(const config::Settings& settings) {
    return {settings.events.max_bytes, settings.events.max_depth, settings.events.max_attributes};
}

HostOptions host_options(const config::Settings& settings) {
    HostOptions options;
    options.node = settings.core.id;
    options.domain = settings.core.domain;
    options.status_interval = settings.agent.status_interval;
    options.node_timeout = settings.agent.node_timeout;
    options.settings = settings.modules;
    options.mailbox = settings.amqp.queue_events;
    options.mailbox_bytes = settings.amqp.queue_bytes;
    options.log = log_module;
    return options;
}

OwnProcesses own_processes(const config::Settings& settings) {
    OwnProcesses own;
    own.options.filter_bytes = settings.filter.max_bytes;
    own.options.filter_nesting = settings.filter.nesting;
    own.options.filter_steps = settings.filter.steps;
    own.options.filter_memory = settings.filter.memory;
    own.options.mailbox = settings.amqp.queue_events;
    own.options.mailbox_bytes = settings.amqp.queue_bytes;
    for (const auto& [section, values] : settings.modules) {
        const auto process = values.find("process");
        if (process != values.end() && process->second == "own") own.names.insert(section);
    }
    return own;
}

std::string to_string(const BusCounters& counters) {
    const std::pair<const char*, const std::atomic<std::uint64_t>&> named[] = {
        {"connections", counters.connections},
        {"refused", counters.refused},
        {"crowded out", counters.crowded_out},
        {"authentication failures", counters.auth_failures},
        {"links refused", counters.links_refused},
        {"published", counters.published},
        {"rejected", counters.rejected},
        {"requests", counters.requests},
        {"replies lost", counters.replies_lost},
        {"delivered", counters.delivered},
        {"dropped", counters.dropped},
    };
    std::string text;
    for (const auto& [name, counter] : named)
        text += (text.empty() ? "" : ", ") + std::string(name) + " " + std::to_string(counter.load());
    return text;
}

std::string to_string(const PublisherCounts& counts) {
    return "sent " + std::to_string(counts.sent) + " = accepted " + std::to_string(counts.accepted) +
           " + rejected " + std::to_string(counts.rejected);
}

std::string to_string(const DeliveryCounts& counts) {
    std::string reasons;
    for (std::size_t i = 0; i < kDropReasons.size(); ++i)
        reasons += (i > 0 ? ", " : "") + std::string(kDropReasons[i]) + " " + std::to_string(counts.drops[i]);
    return "matched " + std::to_string(counts.matched) + " = delivered " + std::to_string(counts.delivered) +
           " + dropped " + std::to_string(counts.dropped()) + " (" + reasons + ") + queued " +
           std::to_string(counts.queued);
}

}  // namespace clacks
