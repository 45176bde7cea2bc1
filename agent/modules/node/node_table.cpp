#include "agent/modules/node/node_table.hpp"

#include <charconv>

#include "common/events/fields.hpp"

namespace clacks {

namespace {

// The event is valid, so what is not a plain number is one of XML Schema's words (INF, NaN), which from_chars
// reads.
template <class Number>
Number number(std::string_view text) {
    while (!text.empty() &&
           (text.front() == ' ' || text.front() == '+' || text.front() == '\n' || text.front() == '\t'))
        text.remove_prefix(1);
    Number value{};
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

}  // namespace

NodeTable::Change NodeTable::take(const events::Event& event, WallTime wall, SteadyTime now) {
    const std::string id(events::field(event, "Id"));
    if (event.name == "NodeLeave") return nodes_.erase(id) > 0 ? Change::left : Change::none;
    if (event.name != "NodeAnnounce" && event.name != "NodeStatus" && event.name != "NodeCapabilities")
        return Change::none;
    const auto [at, joined] = nodes_.try_emplace(id);
    NodeState& node = at->second;
    node.received = wall;
    node.heard = now;
    if (event.name == "NodeStatus") {
        node.load = number<double>(events::field(event, "Load"));
        node.latency = number<double>(events::field(event, "Latency"));
        node.workers = number<int>(events::field(event, "Workers"));
        const std::string_view indexed = events::field(event, "Indexed");
        node.indexed = indexed == "true" || indexed == "1";
    }
    return joined ? Change::joined : Change::none;
}

std::vector<std::string> NodeTable::expire(SteadyTime now, std::chrono::milliseconds silence) {
    std::vector<std::string> gone;
    for (auto at = nodes_.begin(); at != nodes_.end();) {
        if (now - at->second.heard < silence) {
            ++at;
            continue;
        }
        gone.push_back(at->first);
        at = nodes_.erase(at);
    }
    return gone;
}

}  // namespace clacks
