#include "agent/modules/wire_values.hpp"

#include <utility>

namespace clacks::wire {

namespace {

using nlohmann::json;
using std::chrono::milliseconds;

json to_json(const PropertyValue& value) {
    if (const auto* time = std::get_if<WallTime>(&value)) return {{"time", time->time_since_epoch().count()}};
    json plain;
    std::visit(
        [&plain](const auto& is) {
            if constexpr (!std::is_same_v<std::decay_t<decltype(is)>, WallTime>) plain = is;
        },
        value);
    return plain;
}

PropertyValue property_value(const json& from) {
    if (from.is_object()) return WallTime(milliseconds(from.at("time").get<std::int64_t>()));
    if (from.is_boolean()) return from.get<bool>();
    if (from.is_number_float()) return from.get<double>();
    if (from.is_number()) return from.get<std::int64_t>();
    // What JSON cannot say, an infinity or NaN, comes as null.
    if (from.is_null()) return std::numeric_limits<double>::quiet_NaN();
    return from.get<std::string>();
}

json to_json(const Properties& properties) {
    json list = json::array();
    for (const auto& [name, value] : properties) list.push_back({name, to_json(value)});
    return list;
}

Properties properties(const json& from) {
    Properties found;
    for (const json& pair : from)
        found.emplace_back(pair.at(0).get<std::string>(), property_value(pair.at(1)));
    return found;
}

}  // namespace

json to_json(const Diagnostic& found) {
    return {{"code", found.code},         {"message", found.message}, {"hint", found.hint},
            {"source", found.source},     {"line", found.line},       {"column", found.column},
            {"end-line", found.end_line}, {"path", found.path},       {"end-column", found.end_column},
            {"expected", found.expected}};
}

Diagnostic diagnostic(const json& from) {
    Diagnostic found;
    found.code = from.at("code");
    found.message = from.at("message");
    found.hint = from.at("hint");
    found.source = from.at("source");
    found.line = from.at("line");
    found.column = from.at("column");
    found.end_line = from.at("end-line");
    found.end_column = from.at("end-column");
    found.path = from.at("path");
    found.expected = from.at("expected");
    return found;
}

json to_json(const Diagnostics& found) {
    json list = json::array();
    for (const Diagnostic& one : found) list.push_back(to_json(one));
    return list;
}

Diagnostics diagnostics(const json& from) {
    Diagnostics found;
    for (const json& one : from) found.push_back(diagnostic(one));
    return found;
}

json to_json(const std::vector<ModuleSetting>& settings) {
    json list = json::array();
    for (const ModuleSetting& setting : settings)
        list.push_back({setting.key, setting.type, setting.fallback, setting.help});
    return list;
}

std::vector<ModuleSetting> module_settings(const json& from) {
    std::vector<ModuleSetting> found;
    for (const json& one : from) found.push_back({one.at(0), one.at(1), one.at(2), one.at(3)});
    return found;
}

json to_json(const CommandSpec& spec) {
    json parameters = json::array();
    for (const rpc::Parameter& parameter : spec.parameters)
        parameters.push_back(
            {parameter.name, static_cast<int>(parameter.type), parameter.required, parameter.documentation});
    return {{"name", spec.name},
            {"parameters", std::move(parameters)},
            {"documentation", spec.documentation},
            {"command-type", static_cast<int>(spec.type)},
            {"needs-user", spec.needs_user},
            {"needs-queue", spec.needs_queue},
            {"result", spec.result},
            {"may-wait", spec.may_wait}};
}

CommandSpec command_spec(const json& from) {
    CommandSpec spec;
    spec.name = from.at("name");
    for (const json& one : from.at("parameters"))
        spec.parameters.push_back(
            {one.at(0), static_cast<rpc::ParameterType>(one.at(1).get<int>()), one.at(2), one.at(3)});
    spec.documentation = from.at("documentation");
    spec.type = static_cast<CommandType>(from.at("command-type").get<int>());
    spec.needs_user = from.at("needs-user");
    spec.needs_queue = from.at("needs-queue");
    spec.result = from.at("result");
    spec.may_wait = from.at("may-wait");
    return spec;
}

json to_json(const Call& call) {
    return {{"user", call.user},
            {"method", call.method},
            {"queue", call.queue},
            {"parameters", call.parameters != nullptr ? *call.parameters : json::array()},
            {"original-form", call.original_form},
            {"message-properties", call.message_properties}};
}

Call call(const json& from, json& parameters) {
    parameters = from.at("parameters");
    Call made;
    made.user = from.at("user");
    made.method = from.at("method");
    made.queue = from.at("queue");
    made.parameters = &parameters;
    made.original_form = from.at("original-form");
    made.message_properties = from.at("message-properties").get<decltype(made.message_properties)>();
    return made;
}

json to_json(const CommandResult& result) {
    if (result) return {{"result", *result}};
    const rpc::Error& error = result.error();
    json told = {{"code", error.code}, {"message", error.message}};
    if (error.data) told["data"] = *error.data;
    return {{"error", std::move(told)}};
}

CommandResult command_result(const json& from) {
    const auto error = from.find("error");
    if (error == from.end()) return from.at("result");
    rpc::Error told{error->at("code"), error->at("message"), nullptr};
    if (const auto data = error->find("data"); data != error->end())
        told.data = std::make_shared<const json>(*data);
    return told;
}

json to_json(const Intake& intake) {
    return {{"host", intake.host}, {"port", intake.port}, {"address", intake.address}};
}

Intake intake(const json& from) {
    return {from.at("host"), from.at("port"), from.at("address")};
}

Frame event_frame(const EventMessage& message) {
    return {{{"type", "event"},
             {"name", message.event->name},
             {"message-id", message.message_id},
             {"user-id", message.user_id},
             {"node", message.node},
             {"creation-time", message.creation_time.time_since_epoch().count()},
             {"standard-properties", to_json(message.standard_properties)},
             {"application-properties", to_json(message.application_properties)}},
            message.event->bytes};
}

EventMessage event_message(const json& from) {
    EventMessage message;
    message.message_id = from.at("message-id");
    message.user_id = from.at("user-id");
    message.node = from.at("node");
    message.creation_time = WallTime(milliseconds(from.at("creation-time").get<std::int64_t>()));
    message.standard_properties = properties(from.at("standard-properties"));
    message.application_properties = properties(from.at("application-properties"));
    return message;
}

}  // namespace clacks::wire
