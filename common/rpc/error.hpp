// Errors of a command call: a stable code, a message a person can act on, and data.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "common/base/result.hpp"

namespace clacks::rpc {

struct Error {
    int code = 0;  // from the one table in error_codes.hpp
    std::string message;
    std::shared_ptr<const nlohmann::json> data;  // null for none
};

}  // namespace clacks::rpc
