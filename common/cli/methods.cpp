#include "common/cli/command.hpp"
#include "common/cli/output.hpp"
#include "common/cli/service.hpp"

namespace clacks::cli {

namespace {

std::string signature(const std::string& name, const nlohmann::json& method) {
    std::string list;
    for (const auto& parameter : method.value("sig", nlohmann::json::array()))
        list += (list.empty() ? "" : ", ") + cell(parameter);
    return name + "(" + list + ")";
}

std::string shown(const nlohmann::json& methods) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& [name, method] : methods.items()) {
        if (!method.is_object()) continue;
        rows.push_back({signature(name, method), cell(method.value("target", nlohmann::json())),
                        cell(method.value("doc", nlohmann::json()))});
    }
    return table({"METHOD", "QUEUE", "DESCRIPTION"}, rows);
}

}  // namespace

void add_methods(Commands& commands) {
    commands.run(commands.add(&commands.app, "methods", "List the commands of the agent"),
                 [](const Common& common) { return call_and_show(common, "getMethods", shown); });
}

}  // namespace clacks::cli
