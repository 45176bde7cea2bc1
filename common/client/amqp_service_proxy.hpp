/// @file
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "common/client/connect_options.hpp"
#include "common/client/export.hpp"
#include "common/rpc/error.hpp"

namespace clacks {

/// A command that failed. what() is the message.
class CLACKS_API ServiceError : public std::runtime_error {
  public:
    /// From what try_call() returns.
    explicit ServiceError(rpc::Error error);
    ~ServiceError() override;
    /// The agent's code; 0 when no answer came (not connected, time over, connection lost).
    int code() const { return error_->code; }
    /// What is wrong and what to do, for a person.
    const std::string& message() const { return error_->message; }
    /// What the agent added, as {line, column, path, expected} of an invalid event; null for nothing.
    const nlohmann::json& data() const;

  private:
    std::shared_ptr<const rpc::Error> error_;
};

/// One argument of a call: a string, boolean, number or any JSON value.
class CLACKS_API Argument {
  public:
    /// @{
    /// Implicit, for the arguments of a call. Text must be UTF-8, as JSON is; other text throws ServiceError,
    /// code 0.
    Argument(const char* text);
    Argument(std::string_view text);
    Argument(const std::string& text);
    Argument(bool value);
    Argument(int value);
    Argument(long value);
    Argument(long long value);
    Argument(double value);
    Argument(const nlohmann::json& value);
    /// @}

  private:
    friend class AMQPServiceProxy;
    std::string json_;
};

/// How a proxy connects and who is asked.
struct ServiceOptions : ConnectOptions {
    std::string queue = "core";  ///< who is asked: {domain}.command.QUEUE
    std::string node;            ///< only this node, "" for any
};

/// Calls the agent's commands (JSON-RPC 2.0 over a reply address of its own).
///
///   clacks::AMQPServiceProxy proxy("amqp://admin:secret@localhost/org.clacks");
///   proxy.call("sendEvent", document);
///
/// Connects at the first call and again at the first call after a loss. call() throws ServiceError;
/// try_call() returns the same as a value. A call whose connection is lost before the answer fails with
/// code 0: whether the command ran is then not known, and it is not repeated.
///
/// Thread safety: any thread may call, several at once.
class CLACKS_API AMQPServiceProxy {
  public:
    /// Does not connect yet: a URL that cannot be used shows at the first call.
    explicit AMQPServiceProxy(std::string url, const ServiceOptions& options = {});
    /// Closes the connection. No call may be under way.
    ~AMQPServiceProxy();
    AMQPServiceProxy(const AMQPServiceProxy&) = delete;
    AMQPServiceProxy& operator=(const AMQPServiceProxy&) = delete;

    /// Waits for the answer, at most ConnectOptions::timeout for the connection and again for the answer.
    /// `parameters` is an array or an object. Errors: the agent's, or code 0 with the reason. Throws nothing.
    Result<nlohmann::json, rpc::Error> try_call(std::string_view method, const nlohmann::json& parameters);

    /// The same with arguments by position; throws ServiceError.
    /// Include nlohmann/json.hpp (or common/client/clacks.hpp) where this is called.
    template <class Json = nlohmann::json, class... Arguments>
    Json call(std::string_view method, const Arguments&... arguments) {
        Json result;
        call_into(result, method, std::vector<Argument>{Argument(arguments)...});
        return result;
    }

  private:
    void call_into(nlohmann::json& result, std::string_view method, const std::vector<Argument>& arguments);
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace clacks
