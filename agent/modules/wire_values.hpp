// The agent's values as the heads of frames have them. What is read throws nlohmann::json::exception where
// the other side did not keep to the form.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "agent/api/module.hpp"
#include "agent/modules/wire.hpp"

namespace clacks::wire {

nlohmann::json to_json(const Diagnostic& found);
Diagnostic diagnostic(const nlohmann::json& from);
nlohmann::json to_json(const Diagnostics& found);
Diagnostics diagnostics(const nlohmann::json& from);

nlohmann::json to_json(const std::vector<ModuleSetting>& settings);
std::vector<ModuleSetting> module_settings(const nlohmann::json& from);

nlohmann::json to_json(const CommandSpec& spec);
CommandSpec command_spec(const nlohmann::json& from);
nlohmann::json to_json(const Call& call);
// Of `parameters`, which must outlive the call.
Call call(const nlohmann::json& from, nlohmann::json& parameters);
nlohmann::json to_json(const CommandResult& result);
CommandResult command_result(const nlohmann::json& from);

nlohmann::json to_json(const Intake& intake);
Intake intake(const nlohmann::json& from);

// The event's bytes are the body, all else the head.
Frame event_frame(const EventMessage& message);
// Without the event.
EventMessage event_message(const nlohmann::json& from);

}  // namespace clacks::wire
