// Requests and answers in both forms: the original's {"method","params","id"}, answered by
// {"result","error","id"}, and JSON-RPC 2.0 with its notifications and batches.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"
#include "common/rpc/error.hpp"

namespace clacks::rpc {

enum class Form { original, json_rpc_2 };

struct Request {
    Form form = Form::original;
    std::string method;
    nlohmann::json parameters;  // a list, an object, or null
    nlohmann::json id;
    bool notification = false;   // JSON-RPC 2.0 without an id: not answered
    std::optional<Error> error;  // why it cannot be run
};

struct Requests {
    bool batch = false;
    std::vector<Request> list;  // never empty
};

// Of one body; what exceeds them is refused before anything is built from it.
inline constexpr std::size_t kMaxBytes = 16 * 1024 * 1024;
inline constexpr std::size_t kMaxNesting = 64;
inline constexpr std::size_t kMaxValues = 100'000;
inline constexpr std::size_t kMaxBatch = 100;

// Never fails as a whole: what cannot be read is one request with an error. What is no request is never
// a notification (JSON-RPC 2.0, section 5: it is answered with the id null). Thread safe.
Requests read_requests(std::string_view body);

nlohmann::json answer(const Request& request, nlohmann::json result);
nlohmann::json answer(const Request& request, const Error& error);

// {"code","message"[,"data"]}
nlohmann::json to_json(const Error& error);

}  // namespace clacks::rpc
