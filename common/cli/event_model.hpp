// An event's elements as the agent's getEvents describes them.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace clacks::cli {

struct Field {
    std::string name;
    std::string type;
    std::string documentation;
    bool optional = false;
    bool repeated = false;
    std::vector<std::string> values;  // of an enumeration
    std::vector<Field> content;       // in the schema's order
};

// The event `name` of getEvents' answer; with no content where the answer is silent.
Field event_model(const nlohmann::json& events, const std::string& name);

}  // namespace clacks::cli
