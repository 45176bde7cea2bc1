#include "agent/commands/registry.hpp"

#include <algorithm>
#include <map>
#include <memory>
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

    State(const acl::Access& rights, Counters& given, RunLater later)
        : access(rights), counters(given), run_later(std::move(later)) {}

    const acl::Access& access;
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
            return error(rpc::kNotPermitted,
                         command.spec.name + " needs an authenticated user; log in first");
        if (command.spec.needs_queue && origin.queue.empty())
            return error(rpc::kInvalidRequest,
                         command.spec.name + " needs to know the queue that it was sent to");
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

    CommandResult outcome(const rpc::Request& request, const BusRequest& origin) const {
        if (request.error) return *request.error;
        const CommandPtr command = find(request.method, origin.queue);
        if (!command) return unknown(request.method, origin.queue);
        if (auto may = access.may_call(origin.user, command->provider, request.method); !may)
            return error(rpc::kNotPermitted, to_string(may.error()));
        return run(*command, request, origin);
    }

    std::optional<json> answer(const rpc::Request& request, CommandResult result) const {
        ++counters.requests;
        if (!result) ++counters.request_errors;
        if (request.notification) return std::nullopt;
        return result ? rpc::answer(request, std::move(*result)) : rpc::answer(request, result.error());
    }

    // The text for all requests, "" where there are only notifications. `outcome_of` makes the result of one.
    template <class Outcome>
    std::string answers(const rpc::Requests& requests, Outcome outcome_of) const {
        if (!requests.batch) {
            const rpc::Request& request = requests.list.front();
            const auto one = answer(request, outcome_of(request));
            return one ? dump(*one) : "";
        }
        json all = json::array();
        for (const rpc::Request& request : requests.list) {
            if (auto one = answer(request, outcome_of(request))) all.push_back(std::move(*one));
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

namespace {

// One message's requests on their way to an answer. Answers exactly once, even where it is dropped
// because nobody will run it any more.
template <class State>
class Job {
  public:
    Job(std::shared_ptr<const State> state, BusRequest origin, std::function<void(std::string)> reply)
        : state_(std::move(state)),
          origin_(std::move(origin)),
          requests_(rpc::read_requests(origin_.body)),
          reply_(std::move(reply)) {}
    ~Job() {
        if (!reply_) return;
        finish([](const rpc::Request&) -> CommandResult {
            return error(
                rpc::kStopping,
                "the agent did not run the command, as it stops or too many commands wait; ask again later");
        });
    }
    Job(const Job&) = delete;
    Job& operator=(const Job&) = delete;

    bool may_wait() const { return state_->may_wait(requests_, origin_.queue); }
    void run() {
        finish([this](const rpc::Request& request) { return state_->outcome(request, origin_); });
    }

  private:
    // Not told as the caller's mistakes are those of the agent, which has its own lines for them.
    void tell(const rpc::Error& error) const {
        if (origin_.refused && error.code != rpc::kStopping && error.code != rpc::kNotReloaded)
            origin_.refused(error.code, error.message);
    }
    template <class Outcome>
    void finish(Outcome outcome) {
        std::string text = state_->answers(requests_, [&](const rpc::Request& request) {
            CommandResult result = outcome(request);
            if (!result) tell(result.error());
            return result;
        });
        std::exchange(reply_, nullptr)(std::move(text));
    }

    std::shared_ptr<const State> state_;
    BusRequest origin_;
    rpc::Requests requests_;
    std::function<void(std::string)> reply_;
};

}  // namespace

Registry::Registry(const acl::Access& access, Counters& counters, RunLater run_later)
    : state_(std::make_shared<State>(access, counters, std::move(run_later))) {}
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
    auto job = std::make_shared<Job<State>>(state_, std::move(request), std::move(reply));
    if (job->may_wait() && state_->run_later)
        state_->run_later([job = std::move(job)] { job->run(); });
    else
        job->run();
}

}  // namespace clacks
