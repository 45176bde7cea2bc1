#include "agent/commands/registry.hpp"

#include <atomic>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <shared_mutex>
#include <utility>

#include "common/base/text.hpp"
#include "common/rpc/error_codes.hpp"
#include "common/rpc/request.hpp"

namespace clacks {

namespace {

using nlohmann::json;

rpc::Error error(int code, std::string message) {
    return {code, std::move(message), nullptr};
}

// Calls back exactly once, even where the work that should have answered is dropped.
class Reply {
  public:
    explicit Reply(std::function<void(std::string)> reply) : reply_(std::move(reply)) {}
    ~Reply() {
        if (!reply_) return;
        const rpc::Request unknown{.form = rpc::Form::json_rpc_2,
                                   .method = {},
                                   .parameters = {},
                                   .id = nullptr,
                                   .notification = false,
                                   .error = {}};
        reply_(
            rpc::answer(unknown, error(rpc::kStopping, "the agent is stopping and did not run the command"))
                .dump());
    }
    Reply(const Reply&) = delete;
    Reply& operator=(const Reply&) = delete;
    void send(std::string text) { std::exchange(reply_, nullptr)(std::move(text)); }

  private:
    std::function<void(std::string)> reply_;
};

std::string dump(const json& value) {
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

struct Registry::State {
    struct Command {
        std::string provider;
        CommandSpec spec;
        CommandBody body;
    };
    using CommandPtr = std::shared_ptr<const Command>;

    State(Counters& given, RunLater later) : counters(given), run_later(std::move(later)) {}

    Counters& counters;
    RunLater run_later;
    mutable std::shared_mutex mutex;
    std::map<std::string, CommandPtr, std::less<>> commands;

    CommandPtr find(const std::string& method, const std::string& queue) const {
        const std::shared_lock lock(mutex);
        const auto found = commands.find(method);
        if (found == commands.end()) return nullptr;
        return queue == "core" || found->second->provider == queue ? found->second : nullptr;
    }

    rpc::Error unknown(const std::string& method, const std::string& queue) const {
        std::vector<std::string> names;
        {
            const std::shared_lock lock(mutex);
            for (const auto& [name, command] : commands) {
                if (queue == "core" || command->provider == queue) names.push_back(name);
            }
        }
        const std::string near = nearest(method, names);
        return error(rpc::kMethodNotFound,
                     "there is no command '" + one_line(method, 60) + "'" +
                         (queue == "core" ? "" : " in '" + queue + "'") +
                         (near.empty() ? "; getMethods lists them" : "; did you mean '" + near + "'?"));
    }

    CommandResult run(const Command& command, const rpc::Request& request, const BusRequest& origin) const {
        auto parameters =
            rpc::check_parameters(command.spec.name, command.spec.parameters, request.parameters);
        if (!parameters) return std::move(parameters).error();
        if (command.spec.needs_user && origin.user.empty())
            return error(rpc::kNotPermitted, command.spec.name + " needs an authenticated user");
        Call call;
        call.user = origin.user;
        call.method = command.spec.name;
        call.queue = origin.queue;
        call.parameters = &*parameters;
        call.original_form = request.form == rpc::Form::original;
        try {
            return command.body(call);
        } catch (const std::exception& problem) {
            return error(rpc::kInternalError,
                         "the command '" + command.spec.name + "' failed: " + one_line(problem.what()));
        } catch (...) {
            return error(rpc::kInternalError, "the command '" + command.spec.name + "' failed");
        }
    }

    // The answer's text, "" for a notification.
    std::optional<json> answer(const rpc::Request& request, const BusRequest& origin) const {
        ++counters.requests;
        CommandResult result = error(rpc::kInternalError, "");
        if (request.error) {
            result = *request.error;
        } else if (const CommandPtr command = find(request.method, origin.queue)) {
            result = run(*command, request, origin);
        } else {
            result = unknown(request.method, origin.queue);
        }
        if (!result) ++counters.request_errors;
        if (request.notification) return std::nullopt;
        return result ? rpc::answer(request, std::move(*result)) : rpc::answer(request, result.error());
    }

    std::string answers(const rpc::Requests& requests, const BusRequest& origin) const {
        if (!requests.batch) {
            const auto one = answer(requests.list.front(), origin);
            return one ? dump(*one) : "";
        }
        json all = json::array();
        for (const rpc::Request& request : requests.list) {
            if (auto one = answer(request, origin)) all.push_back(std::move(*one));
        }
        return all.empty() ? "" : dump(all);
    }

    bool may_wait(const rpc::Requests& requests, const std::string& queue) const {
        for (const rpc::Request& request : requests.list) {
            const CommandPtr command = find(request.method, queue);
            if (command && command->spec.may_wait) return true;
        }
        return false;
    }
};

Registry::Registry(Counters& counters, RunLater run_later)
    : state_(std::make_shared<State>(counters, std::move(run_later))) {}
Registry::~Registry() = default;

Result<void, Diagnostic> Registry::add(std::string provider, CommandSpec spec, CommandBody body) {
    const std::unique_lock lock(state_->mutex);
    const auto known = state_->commands.find(spec.name);
    if (known != state_->commands.end()) {
        Diagnostic problem;
        problem.code = "command-duplicate";
        problem.message = "the command '" + spec.name + "' of '" + provider + "' is already provided by '" +
                          known->second->provider + "'";
        problem.hint = "rename one of them";
        return problem;
    }
    std::string name = spec.name;
    state_->commands.emplace(std::move(name), std::make_shared<const State::Command>(State::Command{
                                                  std::move(provider), std::move(spec), std::move(body)}));
    return {};
}

void Registry::remove(const std::string& provider) {
    const std::unique_lock lock(state_->mutex);
    std::erase_if(state_->commands, [&](const auto& entry) { return entry.second->provider == provider; });
}

std::vector<CommandRegistry::Entry> Registry::list() const {
    const std::shared_lock lock(state_->mutex);
    std::vector<Entry> out;
    for (const auto& [name, command] : state_->commands) out.push_back({command->provider, command->spec});
    return out;
}

std::vector<std::string> Registry::queues() const {
    std::vector<std::string> out{"core"};
    const std::shared_lock lock(state_->mutex);
    for (const auto& [name, command] : state_->commands) {
        if (std::find(out.begin(), out.end(), command->provider) == out.end())
            out.push_back(command->provider);
    }
    return out;
}

void Registry::handle(BusRequest request, std::function<void(std::string)> reply) const {
    auto answer = std::make_shared<Reply>(std::move(reply));
    auto requests = std::make_shared<const rpc::Requests>(rpc::read_requests(request.body));
    if (!state_->may_wait(*requests, request.queue)) {
        answer->send(state_->answers(*requests, request));
        return;
    }
    state_->run_later([state = state_, answer, requests, origin = std::move(request)] {
        answer->send(state->answers(*requests, origin));
    });
}

}  // namespace clacks
