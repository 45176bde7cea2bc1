// A command's parameter as data: what a call is checked against and help is made from.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"
#include "common/rpc/error.hpp"

namespace clacks::rpc {

enum class ParameterType { string, integer, number, boolean, array, object, any };

struct Parameter {
    std::string name;
    ParameterType type = ParameterType::string;
    bool required = true;
    std::string documentation;
};

// "string", "integer" …
std::string_view type_name(ParameterType type);
// "name(data, [locale])"
std::string signature(std::string_view method, const std::vector<Parameter>& declared);

// The given list, object or null as a list in the order of the declaration, null for what was left out.
// Errors are kInvalidParameters and name the parameter, what it takes and what it got.
Result<nlohmann::json, Error> check_parameters(std::string_view method,
                                               const std::vector<Parameter>& declared,
                                               const nlohmann::json& given);

}  // namespace clacks::rpc
