#include "common/rpc/request.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "common/base/text.hpp"
#include "common/rpc/error_codes.hpp"

namespace clacks::rpc {

namespace {

using nlohmann::json;

// What a body would become, told without parsing it: what is too deep or too much is never built.
struct Shape {
    std::size_t depth = 0;
    std::size_t values = 1;
};

// Exact for JSON. For other text it may err only behind the place where the parser stops.
Shape shape_of(std::string_view body) {
    Shape shape;
    std::size_t depth = 0;
    bool text = false;
    for (std::size_t i = 0; i < body.size(); ++i) {
        const char c = body[i];
        if (text) {
            if (c == '\\') ++i;
            if (c == '"') text = false;
        } else if (c == '"') {
            text = true;
        } else if (c == '[' || c == '{') {
            shape.depth = std::max(shape.depth, ++depth);
            ++shape.values;
        } else if (c == ']' || c == '}') {
            depth -= depth > 0 ? 1 : 0;
        } else if (c == ',') {
            ++shape.values;
        }
    }
    return shape;
}

// The limit that the body exceeds, or "".
std::string excess_of(std::string_view body) {
    if (body.size() > kMaxBytes)
        return "has " + std::to_string(body.size()) + " bytes, and " + std::to_string(kMaxBytes) +
               " are the limit";
    const Shape shape = shape_of(body);
    if (shape.depth > kMaxNesting)
        return "is nested more than " + std::to_string(kMaxNesting) + " deep; send flatter parameters";
    if (shape.values > kMaxValues)
        return "has more than " + std::to_string(kMaxValues) + " values; send it in parts";
    return "";
}

Request refused(Form form, json id, int code, std::string message) {
    Request request;
    request.form = form;
    request.id = std::move(id);
    request.error = Error{code, std::move(message), nullptr};
    return request;
}

// The library begins its messages with its own name in brackets, which helps nobody.
std::string_view without_prefix(std::string_view text) {
    const std::size_t end = text.find("] ");
    return text.starts_with('[') && end != text.npos ? text.substr(end + 2) : text;
}

// `byte` is the number of bytes read when the parser gave up, 0 when it is not known.
Request not_json(std::string_view body, std::size_t byte, std::string_view why) {
    Request request = refused(Form::json_rpc_2, nullptr, kParseError,
                              "the request is not JSON: " + one_line(without_prefix(why), 200));
    if (byte > 0) {
        const Position at = position_of(body, std::min(byte - 1, body.size()));
        request.error->data = std::make_shared<const json>(json{{"line", at.line}, {"column", at.column}});
    }
    return request;
}

Request read_request(json& value) {
    if (!value.is_object())
        return refused(Form::json_rpc_2, nullptr, kInvalidRequest,
                       std::string("a request is an object, and this is ") + value.type_name());
    const bool second = value.contains("jsonrpc");
    const Form form = second ? Form::json_rpc_2 : Form::original;
    json id = value.contains("id") ? value["id"] : json();
    if (second && value["jsonrpc"] != "2.0")
        return refused(form, std::move(id), kInvalidRequest, "the member 'jsonrpc' must be \"2.0\"");
    if (second && (id.is_object() || id.is_array() || id.is_boolean()))
        return refused(form, nullptr, kInvalidRequest, "the member 'id' must be a string or a number");
    if (!value.contains("method") || !value["method"].is_string())
        return refused(form, std::move(id), kInvalidRequest,
                       "the request has no member 'method' that is a string");
    Request request;
    request.form = form;
    request.id = std::move(id);
    request.notification = second && !value.contains("id");
    request.method = value["method"].get<std::string>();
    if (value.contains("params")) request.parameters = std::move(value["params"]);
    if (!request.parameters.is_null() && !request.parameters.is_array() && !request.parameters.is_object())
        return refused(form, std::move(request.id), kInvalidRequest,
                       "the member 'params' must be a list or an object");
    return request;
}

}  // namespace

Requests read_requests(std::string_view body) {
    Requests requests;
    if (const std::string excess = excess_of(body); !excess.empty()) {
        requests.list.push_back(refused(Form::json_rpc_2, nullptr, kParseError, "the request " + excess));
        return requests;
    }
    json value;
    try {
        value = json::parse(body);
    } catch (const json::parse_error& problem) {
        requests.list.push_back(not_json(body, problem.byte, problem.what()));
        return requests;
    } catch (const json::exception& problem) {
        requests.list.push_back(not_json(body, 0, problem.what()));
        return requests;
    }
    if (!value.is_array()) {
        requests.list.push_back(read_request(value));
        return requests;
    }
    if (value.empty() || value.size() > kMaxBatch) {
        requests.list.push_back(
            refused(Form::json_rpc_2, nullptr, kInvalidRequest,
                    value.empty() ? "the batch is empty"
                                  : "the batch has more than " + std::to_string(kMaxBatch) + " requests"));
        return requests;
    }
    requests.batch = true;
    for (json& one : value) {
        requests.list.push_back(read_request(one));
        Request& request = requests.list.back();
        if (request.form == Form::original && !request.error) {
            request.form = Form::json_rpc_2;
            request.error =
                Error{kInvalidRequest, "only requests of JSON-RPC 2.0 can be sent in a batch", nullptr};
        }
    }
    return requests;
}

json to_json(const Error& error) {
    json out = {{"code", error.code}, {"message", error.message}};
    if (error.data) out["data"] = *error.data;
    return out;
}

json answer(const Request& request, json result) {
    if (request.form == Form::original)
        return {{"result", std::move(result)}, {"error", nullptr}, {"id", request.id}};
    return {{"jsonrpc", "2.0"}, {"result", std::move(result)}, {"id", request.id}};
}

json answer(const Request& request, const Error& error) {
    if (request.form == Form::original)
        return {{"result", nullptr}, {"error", to_json(error)}, {"id", request.id}};
    return {{"jsonrpc", "2.0"}, {"error", to_json(error)}, {"id", request.id}};
}

}  // namespace clacks::rpc
