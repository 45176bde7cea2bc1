#include "common/rpc/parameter.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "common/base/text.hpp"
#include "common/rpc/error_codes.hpp"

namespace clacks::rpc {

namespace {

using nlohmann::json;

bool fits(ParameterType type, const json& value) {
    switch (type) {
        case ParameterType::string:
            return value.is_string();
        case ParameterType::integer:
            return value.is_number_integer();
        case ParameterType::number:
            return value.is_number();
        case ParameterType::boolean:
            return value.is_boolean();
        case ParameterType::array:
            return value.is_array();
        case ParameterType::object:
            return value.is_object();
        case ParameterType::any:
            return true;
    }
    return false;
}

Error refuse(std::string message) {
    return {kInvalidParameters, std::move(message), nullptr};
}

Result<json, Error> ordered(std::string_view method, const std::vector<Parameter>& declared,
                            const json& given) {
    json list = json::array();
    if (given.is_null()) return list;
    if (given.is_array()) {
        if (given.size() > declared.size())
            return refuse(signature(method, declared) + " takes " + std::to_string(declared.size()) +
                          " parameters at most, and got " + std::to_string(given.size()));
        return given;
    }
    std::vector<std::string> names;
    names.reserve(declared.size());
    for (const Parameter& parameter : declared) names.push_back(parameter.name);
    for (const auto& [name, value] : given.items()) {
        if (std::find(names.begin(), names.end(), name) != names.end()) continue;
        const std::string near = nearest(name, names);
        return refuse(signature(method, declared) + " has no parameter '" + one_line(name, 60) + "'" +
                      (near.empty() ? "" : "; did you mean '" + near + "'?"));
    }
    for (const std::string& name : names) list.push_back(given.contains(name) ? given.at(name) : json());
    return list;
}

}  // namespace

std::string_view type_name(ParameterType type) {
    constexpr std::string_view kNames[] = {"string", "integer", "number", "boolean",
                                           "array",  "object",  "any"};
    return kNames[static_cast<std::size_t>(type)];
}

std::string signature(std::string_view method, const std::vector<Parameter>& declared) {
    std::string out(method);
    out += '(';
    for (const Parameter& parameter : declared) {
        if (out.back() != '(') out += ", ";
        out += parameter.required ? parameter.name : "[" + parameter.name + "]";
    }
    return out + ")";
}

Result<json, Error> check_parameters(std::string_view method, const std::vector<Parameter>& declared,
                                     const json& given) {
    auto list = ordered(method, declared, given);
    if (!list) return std::move(list).error();
    while (list->size() < declared.size()) list->push_back(json());
    for (std::size_t i = 0; i < declared.size(); ++i) {
        const Parameter& parameter = declared[i];
        const json& value = (*list)[i];
        if (value.is_null()) {
            if (parameter.required)
                return refuse(signature(method, declared) + " needs the parameter '" + parameter.name +
                              "' (" + std::string(type_name(parameter.type)) + ")");
            continue;
        }
        if (!fits(parameter.type, value))
            return refuse("the parameter '" + parameter.name + "' of " + std::string(method) + " takes " +
                          std::string(type_name(parameter.type)) + " and got " + value.type_name());
    }
    return list;
}

}  // namespace clacks::rpc
