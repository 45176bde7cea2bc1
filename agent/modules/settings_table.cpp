#include "agent/modules/settings_table.hpp"

#include <utility>

#include "agent/modules/builtin.hpp"
#include "agent/modules/loader.hpp"

namespace clacks {

namespace {

// In a cell a line would end the row, and a bar the cell.
std::string cell(std::string text) {
    for (std::size_t at = 0; (at = text.find_first_of("|\n", at)) != std::string::npos; at += 2)
        text.replace(at, 1, text[at] == '|' ? "\\|" : "  ");
    return text;
}

std::string fallback_cell(const std::string& fallback) {
    if (fallback.empty()) return "must be set";
    if (fallback == "none") return fallback;
    return "`" + cell(fallback) + "`";
}

std::string table(const std::string& section, const std::vector<ModuleSetting>& settings) {
    std::string text =
        "Settings of `" + section + "`:\n\n| key | type | default | meaning |\n|---|---|---|---|\n";
    for (const ModuleSetting& setting : settings)
        text += "| `" + setting.key + "` | " + cell(setting.type) + " | " + fallback_cell(setting.fallback) +
                " | " + cell(setting.help) + " |\n";
    return text;
}

}  // namespace

std::string settings_table(const Module& module) {
    const std::string name(module.name());
    const std::vector<ModuleSetting> own = module.keys();
    const std::vector<ModuleSetting> of_instances = module.instance_keys();
    if (own.empty() && of_instances.empty()) return "The section `[module " + name + "]` has no settings.\n";
    std::string text;
    if (!own.empty()) text = table("[module " + name + "]", own);
    if (!of_instances.empty())
        text += (text.empty() ? "" : "\n") + table("[module " + name + " INSTANCE]", of_instances);
    return text;
}

Result<std::string, Diagnostics> settings_table(const std::vector<std::filesystem::path>& folders,
                                                const std::string& name) {
    std::vector<std::string> builtin;
    for (const auto& module : builtin_modules()) {
        if (module->name() == name) return settings_table(*module);
        builtin.emplace_back(module->name());
    }
    auto loaded = load_modules(folders, {name}, builtin);
    if (!loaded) return std::move(loaded).error();
    return settings_table(*loaded->front().module);
}

}  // namespace clacks
