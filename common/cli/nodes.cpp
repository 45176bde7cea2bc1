#include <array>
#include <cstdio>

#include "common/base/text.hpp"
#include "common/cli/command.hpp"
#include "common/cli/output.hpp"
#include "common/cli/service.hpp"
#include "common/cli/time_text.hpp"

namespace clacks::cli {

namespace {

std::string number(const nlohmann::json& value, int digits) {
    if (!value.is_number()) return cell(value);
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%.*f", digits, value.get<double>());
    return text.data();
}

// Seconds since 1970, as commands tell times.
std::string time(const nlohmann::json& value) {
    if (!value.is_number()) return cell(value);
    return time_text(
        WallTime(std::chrono::milliseconds(static_cast<std::int64_t>(value.get<double>() * 1000))));
}

std::string shown(const nlohmann::json& nodes) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& [id, node] : nodes.items()) {
        if (!node.is_object()) continue;
        const auto value = [&node = node](const char* key) { return node.value(key, nlohmann::json()); };
        rows.push_back({one_line(id), number(value("load"), 2), number(value("latency"), 4),
                        cell(value("workers")), cell(value("indexed")), time(value("received"))});
    }
    return table({"NODE", "LOAD", "LATENCY", "WORKERS", "INDEXED", "RECEIVED"}, rows);
}

}  // namespace

void add_nodes(Commands& commands) {
    commands.run(
        commands.add(&commands.app, "nodes", "List the agents that are there, and how busy they are"),
        [](const Common& common) { return call_and_show(common, "getNodes", shown); });
}

}  // namespace clacks::cli
