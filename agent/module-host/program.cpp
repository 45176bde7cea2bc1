#include "agent/module-host/program.hpp"

#include <cstdlib>
#include <thread>
#include <utility>

#include "agent/modules/loader.hpp"
#include "agent/modules/wire_values.hpp"

namespace clacks {

namespace {

using nlohmann::json;
using std::chrono::milliseconds;

json problems(const Diagnostics& found) {
    return {{"problems", wire::to_json(found)}};
}

}  // namespace

ModuleProgram::ModuleProgram(int socket, std::filesystem::path file)
    : file_(std::move(file)), name_(file_.stem()), link_(socket) {}

int ModuleProgram::run() {
    std::thread reader([this] { read(); });
    std::string type;
    do {
        const wire::Frame asked = next();
        type = asked.head.at("type");
        json answer = done(asked);
        answer["type"] = "answer";
        answer["id"] = asked.head.at("id");
        (void)link_.send({std::move(answer)});
    } while (type != "stop");
    reader.join();  // the agent closes the socket
    return 0;
}

void ModuleProgram::read() {
    link_.serve([this](wire::Frame frame) { take(std::move(frame)); });
    const std::lock_guard lock(mutex_);
    // Without an agent there is nobody to do anything for, and nobody who could stop the module in order.
    if (!over_) std::_Exit(EXIT_FAILURE);
}

void ModuleProgram::take(wire::Frame frame) {
    const json& type = frame.head.at("type");
    if (type == "event") return subscriptions_.deliver(frame);
    if (type == "call") return commands_.call(frame);
    if (type == "message") return intakes_.take(std::move(frame));
    if (type == "client-answer") return requests_.answered(std::move(frame));
    const std::lock_guard lock(mutex_);
    asked_.push_back(std::move(frame));
    changed_.notify_one();
}

wire::Frame ModuleProgram::next() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !asked_.empty(); });
    wire::Frame frame = std::move(asked_.front());
    asked_.pop_front();
    return frame;
}

json ModuleProgram::done(const wire::Frame& frame) {
    const json& type = frame.head.at("type");
    if (type == "describe") return describe(frame.head);
    if (type == "configure") return configure(frame.head);
    if (type == "start") {
        const auto started = host_.start(services_);
        return started ? json::object() : problems(started.error());
    }
    if (type == "stop") {
        host_.stop();
        commands_.stop();
        const std::lock_guard lock(mutex_);
        over_ = true;
    } else {
        host_.pass();  // a ping: the module's thread has come by
    }
    return json::object();
}

json ModuleProgram::describe(const json& head) {
    if (head.at("version") != wire::kVersion) {
        Diagnostic other;
        other.code = "module-process";
        other.message = "clacks-module-host is of another installation than the agent that runs";
        other.hint = "restart the agent";
        return problems({other});
    }
    auto loaded = load_modules({file_.parent_path()}, {name_}, {});
    if (!loaded) return problems(loaded.error());
    Module& module = *loaded->front().module;
    json answer = {{"keys", wire::to_json(module.keys())},
                   {"instance-keys", wire::to_json(module.instance_keys())}};
    if (auto added = host_.add(std::move(loaded->front())); !added) return problems({added.error()});
    const auto folders = host_.events_folders();
    answer["events"] = folders.empty() ? "" : folders.front().string();
    return answer;
}

json ModuleProgram::configure(const json& head) {
    PipelineOptions limits;
    limits.filter_bytes = head.at("filter-bytes");
    limits.filter_nesting = head.at("filter-nesting");
    limits.filter_steps = head.at("filter-steps");
    limits.filter_memory = head.at("filter-memory");
    expressions_.emplace(limits);
    HostOptions options;
    options.node = head.at("node");
    options.domain = head.at("domain");
    options.status_interval = milliseconds(head.at("status-interval").get<std::int64_t>());
    options.node_timeout = milliseconds(head.at("node-timeout").get<std::int64_t>());
    options.settings[name_] = head.at("values").get<std::map<std::string, std::string>>();
    for (const auto& [instance, values] : head.at("instances").items())
        options.settings[name_ + " " + instance] = values.get<std::map<std::string, std::string>>();
    options.expressions = &*expressions_;
    options.mailbox = head.at("mailbox");
    options.mailbox_bytes = head.at("mailbox-bytes");
    options.command_deadline = milliseconds(head.at("command-deadline").get<std::int64_t>());
    options.log = [this](ModuleLogLevel level, const std::string& text) { log(level, text); };
    const auto configured = host_.configure(options);
    return configured ? json::object() : problems(configured.error());
}

// The agent says the module's name before the line, too; and counts what was counted here since the last one.
void ModuleProgram::log(ModuleLogLevel level, const std::string& text) {
    const std::string prefix = "module " + name_ + ": ";
    (void)link_.send({{{"type", "log"},
                       {"warning", level == ModuleLogLevel::warning},
                       {"text", text.starts_with(prefix) ? text.substr(prefix.size()) : text},
                       {"errors", counters_.module_errors.exchange(0)},
                       {"dropped", counters_.messages_dropped.exchange(0)}}});
}

}  // namespace clacks
