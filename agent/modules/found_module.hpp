// A module on its way to the host.
#pragma once

#include <filesystem>
#include <memory>

#include "agent/api/module.hpp"

namespace clacks {

struct FoundModule {
    std::unique_ptr<Module> module;
    std::filesystem::path events;  // its event definitions, as they were found beside its file; "" for none
    bool own_process = false;      // what the module is a stand-in for, as its section wants it
};

}  // namespace clacks
