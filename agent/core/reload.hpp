// What a reload did, and the command that asks for one.
#pragma once

#include <cstddef>
#include <vector>

#include "agent/api/command.hpp"
#include "common/base/result.hpp"
#include "common/config/settings.hpp"

namespace clacks {

struct Reloaded {
    std::size_t events = 0;               // event definitions in force
    std::vector<config::Change> changes;  // of the settings; those that are not live wait for a restart
};

// One line for each changed setting, and one for the whole.
void tell(const Reloaded& reloaded);

CommandSpec reload_command();
CommandResult reload_answer(const Result<Reloaded, Diagnostics>& reloaded);

}  // namespace clacks
