// The bodies of the core's commands, one file each.
#pragma once

#include "agent/commands/core_commands.hpp"

namespace clacks::commands {

CommandBody send_event(const CoreServices& services);
CommandBody get_methods(const CommandRegistry& registry, const CoreServices& services);
CommandBody get_session_user();
CommandBody get_events(const CoreServices& services);
CommandBody get_event_schema(const CoreServices& services);
CommandBody get_subscriptions(const CoreServices& services);
CommandBody get_statistics(const CoreServices& services);

}  // namespace clacks::commands
