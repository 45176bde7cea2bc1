#include <nlohmann/json.hpp>

#include "agent/commands/bodies.hpp"
#include "common/base/text.hpp"
#include "common/rpc/error_codes.hpp"

namespace clacks::commands {

namespace {

using nlohmann::json;

json describe(const events::ElementInfo& element) {
    json out = {{"name", element.name}, {"minOccurs", element.min_occurs}};
    if (element.max_occurs == 0)
        out["maxOccurs"] = "unbounded";
    else
        out["maxOccurs"] = element.max_occurs;
    if (!element.type.empty()) out["type"] = element.type;
    if (!element.documentation.empty()) out["doc"] = element.documentation;
    if (!element.enumeration.empty()) out["enumeration"] = element.enumeration;
    for (const events::ElementInfo& child : element.children) out["elements"].push_back(describe(child));
    return out;
}

}  // namespace

CommandBody get_events(const CoreServices& services) {
    return [catalogue = services.catalogue](const Call&) -> CommandResult {
        const events::CataloguePtr current = catalogue();
        json out = json::object();
        for (const events::EventType& type : current->types()) {
            json elements = json::array();
            for (const events::ElementInfo& child : type.content.children)
                elements.push_back(describe(child));
            out[type.name] = {{"doc", type.documentation}, {"elements", elements}};
        }
        return out;
    };
}

CommandBody get_event_schema(const CoreServices& services) {
    return [catalogue = services.catalogue](const Call& call) -> CommandResult {
        const events::CataloguePtr current = catalogue();
        const auto name = call.parameters->at(0).get<std::string>();
        if (const events::EventType* type = current->find(name)) return json(type->schema);
        std::vector<std::string> names;
        for (const events::EventType& type : current->types()) names.push_back(type.name);
        const std::string near = nearest(name, names);
        return rpc::Error{rpc::kUnknownEvent,
                          "the catalogue has no event '" + one_line(name, 60) + "'" +
                              (near.empty() ? "; getEvents lists them" : "; did you mean '" + near + "'?"),
                          nullptr};
    };
}

}  // namespace clacks::commands
