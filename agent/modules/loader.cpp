#include "agent/modules/loader.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <optional>

#include "common/base/text.hpp"

namespace clacks {

namespace {

namespace fs = std::filesystem;

Diagnostic problem(const fs::path& file, std::string message, std::string hint) {
    Diagnostic result;
    result.code = "module-load";
    result.source = file.string();
    result.message = std::move(message);
    result.hint = std::move(hint);
    return result;
}

std::string last_error() {
    const char* text = dlerror();
    return text != nullptr ? text : "unknown";
}

std::optional<fs::path> find(const std::vector<fs::path>& folders, const std::string& name) {
    std::error_code error;
    for (const fs::path& folder : folders)
        if (fs::path file = folder / (name + ".so"); fs::exists(file, error)) return file;
    return std::nullopt;
}

Diagnostic missing(const std::vector<fs::path>& folders, const std::string& name,
                   std::vector<std::string> known) {
    std::string searched;
    for (const fs::path& folder : folders) {
        searched += (searched.empty() ? "" : ", ") + folder.string();
        std::error_code error;
        for (fs::directory_iterator at(folder, error); !error && at != fs::directory_iterator();
             at.increment(error))
            if (at->path().extension() == ".so") known.push_back(at->path().stem().string());
    }
    const std::string near = nearest(name, known);
    return problem("[module " + name + "]",
                   "there is no module '" + name + "': no " + name + ".so in " + searched,
                   near.empty() ? "install it, or set [agent] modules" : "did you mean '" + near + "'?");
}

fs::path events_beside(const fs::path& file) {
    fs::path folder = file.parent_path() / file.stem() / "events";
    std::error_code error;
    return fs::is_directory(folder, error) ? folder : fs::path();
}

Result<FoundModule> load(const fs::path& file, const std::string& name) {
    void* library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr)
        return problem(file, "the module cannot be loaded: " + last_error(),
                       "build it against the agent's headers");
    auto version = reinterpret_cast<int (*)()>(dlsym(library, "clacks_module_api_version"));
    auto create = reinterpret_cast<Module* (*)()>(dlsym(library, "clacks_module_create"));
    if (version == nullptr || create == nullptr)
        return problem(file, "the file is no module of this agent",
                       "write CLACKS_MODULE(Type) in one of its source files");
    if (version() != kModuleApiVersion)
        return problem(file,
                       "the module was built for version " + std::to_string(version()) +
                           " of the interface, and this agent has " + std::to_string(kModuleApiVersion),
                       "build it anew with this agent's headers");
    try {
        std::unique_ptr<Module> module(create());
        if (module->name() == name) return FoundModule{std::move(module), events_beside(file)};
        return problem(file, "the module calls itself '" + std::string(module->name()) + "'",
                       "give the file the name of the module");
    } catch (...) {
        return problem(file, "the module's constructor failed", "");
    }
}

Result<FoundModule, Diagnostics> load(const fs::path& file, const std::string& name,
                                      const OwnProcesses& own_processes) {
    if (own_processes.names.contains(name)) {
        auto module = IsolatedModule::make(file, own_processes.options);
        if (!module) return std::move(module).error();
        return FoundModule{std::move(*module), {}, true};
    }
    auto module = load(file, name);
    if (!module) return Diagnostics{std::move(module).error()};
    return std::move(*module);
}

}  // namespace

Result<std::vector<FoundModule>, Diagnostics> load_modules(const std::vector<fs::path>& folders,
                                                           const std::vector<std::string>& names,
                                                           const std::vector<std::string>& builtin,
                                                           const OwnProcesses& own_processes) {
    std::vector<FoundModule> modules;
    Diagnostics problems;
    for (const std::string& name : names) {
        const std::optional<fs::path> file = find(folders, name);
        if (!file) {
            problems.push_back(missing(folders, name, builtin));
            continue;
        }
        auto module = load(fs::absolute(*file), name, own_processes);
        if (module)
            modules.push_back(std::move(*module));
        else
            problems.insert(problems.end(), module.error().begin(), module.error().end());
    }
    if (!problems.empty()) return problems;
    return modules;
}

}  // namespace clacks
