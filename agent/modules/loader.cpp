#include "agent/modules/loader.hpp"

#include <dlfcn.h>

#include <algorithm>

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

Result<std::unique_ptr<Module>> load(const fs::path& file) {
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
                       "build it anew");
    try {
        return std::unique_ptr<Module>(create());
    } catch (...) {
        return problem(file, "the module's constructor failed", "");
    }
}

}  // namespace

Result<std::vector<std::unique_ptr<Module>>, Diagnostics> load_modules(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code error;
    for (fs::directory_iterator at(folder, error); !error && at != fs::directory_iterator();
         at.increment(error)) {
        if (at->path().extension() == ".so") files.push_back(at->path());
    }
    if (error)
        return Diagnostics{problem(folder, "the modules folder cannot be read: " + error.message(),
                                   "create it, or take it out of the configuration")};
    std::sort(files.begin(), files.end());
    std::vector<std::unique_ptr<Module>> modules;
    Diagnostics problems;
    for (const fs::path& file : files) {
        auto module = load(fs::absolute(file));
        if (module)
            modules.push_back(std::move(*module));
        else
            problems.push_back(module.error());
    }
    if (!problems.empty()) return problems;
    return modules;
}

}  // namespace clacks
