#include "common/cli/event_model.hpp"

#include <nlohmann/json.hpp>

namespace clacks::cli {

namespace {

using nlohmann::json;

std::string text(const json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::vector<Field> fields(const json& object) {
    std::vector<Field> list;
    const auto elements = object.find("elements");
    if (elements == object.end() || !elements->is_array()) return list;
    for (const auto& element : *elements) {
        if (!element.is_object()) continue;
        Field field;
        field.name = text(element, "name");
        field.type = text(element, "type");
        field.documentation = text(element, "doc");
        field.optional = element.value("minOccurs", json(1)) == 0;
        field.repeated = element.value("maxOccurs", json(1)) != 1;
        for (const auto& value : element.value("enumeration", json::array()))
            if (value.is_string()) field.values.push_back(value.get<std::string>());
        field.content = fields(element);
        list.push_back(std::move(field));
    }
    return list;
}

}  // namespace

Field event_model(const json& events, const std::string& name) {
    Field event;
    event.name = name;
    const auto found = events.is_object() ? events.find(name) : events.end();
    if (found == events.end() || !found->is_object()) return event;
    event.documentation = text(*found, "doc");
    event.content = fields(*found);
    return event;
}

}  // namespace clacks::cli
