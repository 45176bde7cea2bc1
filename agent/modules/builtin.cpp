#include "agent/modules/builtin.hpp"

#include "agent/modules/node/node_module.hpp"

namespace clacks {

std::vector<std::unique_ptr<Module>> builtin_modules() {
    std::vector<std::unique_ptr<Module>> modules;
    modules.push_back(std::make_unique<NodeModule>());
    return modules;
}

}  // namespace clacks
