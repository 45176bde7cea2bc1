#include "agent/modules/node/node_module.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>

#include "common/events/event_maker.hpp"
#include "common/events/fields.hpp"

namespace clacks {

namespace {

constexpr const char* kFilter =
    "exists(./e:Event/(e:NodeAnnounce, e:NodeCapabilities, e:NodeStatus, e:NodeLeave))";
constexpr std::chrono::milliseconds kExpiryInterval{1000};

// As events have always spelt it.
const char* type_name(CommandType type) {
    switch (type) {
        case CommandType::normal:
            return "NORMAL";
        case CommandType::first_result:
            return "FIRSTRESULT";
        case CommandType::cumulative:
            return "CUMMULATIVE";
    }
    return "";
}

double load_of_processors() {
    double averages[1] = {0};
    if (getloadavg(averages, 1) != 1) return 0;
    return averages[0] / std::max(1u, std::thread::hardware_concurrency());
}

int threads_of_process() {
    std::error_code error;
    std::filesystem::directory_iterator at("/proc/self/task", error);
    return error ? 1 : static_cast<int>(std::distance(at, std::filesystem::directory_iterator()));
}

std::string joined(const std::vector<rpc::Parameter>& parameters) {
    std::string out;
    for (const rpc::Parameter& parameter : parameters) out += (out.empty() ? "" : ",") + parameter.name;
    return out;
}

}  // namespace

void NodeModule::start(ModuleContext& context) {
    context_ = &context;
    if (auto done = context.subscribe(kFilter, [this](const EventMessage& message) { take(message); }); !done)
        throw std::runtime_error(to_string(done.error()));
    CommandSpec spec;
    spec.name = "getNodes";
    spec.documentation = "Lists the agents of the domain.";
    spec.result = "an object by id, with load, latency, workers, indexed and received";
    if (auto done = context.command(std::move(spec), [this](const Call&) { return get_nodes(); }); !done)
        throw std::runtime_error(to_string(done.error()));
    context.timer(context.settings().status_interval, true, [this] { send_status(); });
    context.timer(kExpiryInterval, true, [this] { expire(); });
    announce();
}

void NodeModule::stop() {
    EventMaker e;
    send(e("Event", e("NodeLeave", e("Id", context_->settings().node))).str());
}

void NodeModule::send(const std::string& document) {
    if (auto sent = context_->send(document); !sent)
        context_->log_warning("its own event was refused: " + to_string(sent.error()));
}

void NodeModule::announce() {
    EventMaker e;
    sent_ = context_->clock().steady();
    send(e("Event", e("NodeAnnounce", e("Id", context_->settings().node))).str());
}

void NodeModule::send_capabilities() {
    EventMaker e;
    EventElement capabilities = e("NodeCapabilities", e("Id", context_->settings().node));
    for (const CommandRegistry::Entry& entry : context_->commands()) {
        capabilities.add(e("NodeMethod", e("Name", entry.spec.name),
                           e("Path", entry.provider + "." + entry.spec.name), e("Target", entry.provider),
                           e("Signature", joined(entry.spec.parameters)),
                           e("Type", type_name(entry.spec.type)), e("QueueRequired", entry.spec.needs_queue),
                           e("Documentation", entry.spec.documentation)));
    }
    send(e("Event", capabilities).str());
}

void NodeModule::send_status() {
    EventMaker e;
    sent_ = context_->clock().steady();
    send(e("Event",
           e("NodeStatus", e("Load", load_of_processors()), e("Latency", latency_),
             e("Workers", threads_of_process()), e("Id", context_->settings().node), e("Indexed", false)))
             .str());
}

void NodeModule::take(const EventMessage& message) {
    const events::Event& event = *message.event;
    const SteadyTime now = context_->clock().steady();
    const bool own = events::field(event, "Id") == context_->settings().node;
    const NodeTable::Change change = table_.take(event, message.creation_time, now);
    if (change != NodeTable::Change::none && !own) {
        context_->log_info("node " + std::string(events::field(event, "Id")) +
                           (change == NodeTable::Change::joined ? " joined" : " left"));
    }
    if (own && sent_ && (event.name == "NodeAnnounce" || event.name == "NodeStatus")) {
        latency_ = std::chrono::duration<double>(now - *sent_).count();
        sent_.reset();
    }
    if (event.name != "NodeAnnounce") return;
    send_capabilities();
    if (own) send_status();  // the first one, with a latency just measured
}

void NodeModule::expire() {
    const auto silence = context_->settings().node_timeout;
    for (const std::string& id : table_.expire(context_->clock().steady(), silence)) {
        context_->log_warning(
            "node " + id + " was silent for " +
            std::to_string(std::chrono::duration_cast<std::chrono::seconds>(silence).count()) +
            " s and is taken off the list");
    }
}

CommandResult NodeModule::get_nodes() const {
    nlohmann::json out = nlohmann::json::object();
    for (const auto& [id, node] : table_.nodes()) {
        out[id] = {{"load", node.load},
                   {"latency", node.latency},
                   {"workers", node.workers},
                   {"indexed", node.indexed},
                   {"received", std::chrono::duration<double>(node.received.time_since_epoch()).count()}};
    }
    return out;
}

}  // namespace clacks
