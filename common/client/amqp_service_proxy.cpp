#include "common/client/amqp_service_proxy.hpp"

#include <nlohmann/json.hpp>
#include <optional>

#include "common/amqp/addresses.hpp"
#include "common/client/on_demand.hpp"

namespace clacks {

namespace {

using Json = nlohmann::json;

rpc::Error failed(const Diagnostic& why) {
    return {0, why.hint.empty() ? why.message : why.message + "; " + why.hint, nullptr};
}

rpc::Error unexpected() {
    return {0, "the answer is no JSON-RPC 2.0 response; is the peer a Clacks agent?", nullptr};
}

rpc::Error error_of(const Json& error) {
    if (!error.is_object() || !error.contains("code") || !error["code"].is_number_integer())
        return unexpected();
    rpc::Error result{error["code"].get<int>(), {}, nullptr};
    const auto message = error.find("message");
    result.message =
        message != error.end() && message->is_string() ? message->get<std::string>() : error.dump();
    if (const auto data = error.find("data"); data != error.end() && !data->is_null())
        result.data = std::make_shared<const Json>(*data);
    return result;
}

Result<Json, rpc::Error> result_of(const std::string& text) {
    Json answer = Json::parse(text, nullptr, false);
    if (!answer.is_object()) return unexpected();
    if (const auto error = answer.find("error"); error != answer.end() && !error->is_null())
        return error_of(*error);
    const auto result = answer.find("result");
    if (result == answer.end()) return unexpected();
    return std::move(*result);
}

rpc::Error not_utf8() {
    return {0, "a string among the parameters is not UTF-8, which JSON must be; convert it first", nullptr};
}

std::optional<std::string> dumped(const Json& json) {
    try {
        return json.dump();
    } catch (const Json::type_error&) {
        return std::nullopt;
    }
}

std::string argument_text(const Json& json) {
    auto text = dumped(json);
    if (!text) throw ServiceError(not_utf8());
    return std::move(*text);
}

}  // namespace

ServiceError::ServiceError(rpc::Error error)
    : std::runtime_error(error.message), error_(std::make_shared<const rpc::Error>(std::move(error))) {}
ServiceError::~ServiceError() = default;

const nlohmann::json& ServiceError::data() const {
    static const Json none;
    return error_->data ? *error_->data : none;
}

Argument::Argument(const char* text) : Argument(std::string_view(text)) {}
Argument::Argument(std::string_view text) : json_(argument_text(Json(text))) {}
Argument::Argument(const std::string& text) : Argument(std::string_view(text)) {}
Argument::Argument(bool value) : json_(value ? "true" : "false") {}
Argument::Argument(int value) : json_(std::to_string(value)) {}
Argument::Argument(long value) : json_(std::to_string(value)) {}
Argument::Argument(long long value) : json_(std::to_string(value)) {}
Argument::Argument(double value) : json_(argument_text(Json(value))) {}
Argument::Argument(const nlohmann::json& value) : json_(argument_text(value)) {}

class AMQPServiceProxy::Impl {
  public:
    Impl(std::string url, const ServiceOptions& options)
        : messenger(
              std::move(url), static_cast<const ConnectOptions&>(options),
              [queue = options.queue, node = options.node](const std::string& domain) {
                  return amqp::command_address(domain, queue, node);
              },
              client::Messenger::Expect::reply) {}

    client::OnDemand messenger;
};

AMQPServiceProxy::AMQPServiceProxy(std::string url, const ServiceOptions& options)
    : impl_(std::make_unique<Impl>(std::move(url), options)) {}

AMQPServiceProxy::~AMQPServiceProxy() = default;

Result<nlohmann::json, rpc::Error> AMQPServiceProxy::try_call(std::string_view method,
                                                              const nlohmann::json& parameters) {
    const Json request{{"jsonrpc", "2.0"}, {"method", method}, {"params", parameters}, {"id", 1}};
    auto text = dumped(request);
    if (!text) return not_utf8();
    const auto answer = impl_->messenger.exchange(std::move(*text), "application/json");
    if (!answer) return failed(answer.error());
    return result_of(*answer);
}

void AMQPServiceProxy::call_into(nlohmann::json& result, std::string_view method,
                                 const std::vector<Argument>& arguments) {
    Json parameters = Json::array();
    for (const auto& argument : arguments) parameters.push_back(Json::parse(argument.json_));
    auto answer = try_call(method, parameters);
    if (!answer) throw ServiceError(std::move(answer).error());
    result = std::move(answer).value();
}

}  // namespace clacks
