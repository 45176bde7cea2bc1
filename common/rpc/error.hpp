/// @file
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "common/base/result.hpp"

namespace clacks::rpc {

/// The error of a command call: a stable code, a message a person can act on, and data. A plain value.
struct Error {
    int code = 0;                                ///< the agent's, or 0 when no answer came
    std::string message;                         ///< for a person: what is wrong and what to do
    std::shared_ptr<const nlohmann::json> data;  ///< null for none
};

}  // namespace clacks::rpc
