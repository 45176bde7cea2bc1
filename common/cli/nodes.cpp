#include "common/cli/command.hpp"
#include "common/cli/output.hpp"
#include "common/cli/service.hpp"

namespace clacks::cli {

namespace {

std::string shown(const nlohmann::json& nodes) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& [id, node] : nodes.items()) {
        std::vector<std::string> row{id};
        for (const char* key : {"load", "latency", "workers", "indexed", "received"})
            row.push_back(node.is_object() && node.contains(key) ? cell(node[key]) : "");
        rows.push_back(std::move(row));
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
