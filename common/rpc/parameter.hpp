// A command's parameter as data: what a call is checked against and help is made from.
#pragma once

#include <string>

namespace clacks::rpc {

enum class ParameterType { string, integer, number, boolean, array, object, any };

struct Parameter {
    std::string name;
    ParameterType type = ParameterType::string;
    bool required = true;
    std::string documentation;
};

}  // namespace clacks::rpc
