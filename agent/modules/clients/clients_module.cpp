// The module `clients`: keeps the table of managed machines and tells it by commands.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <utility>

#include "agent/api/module.hpp"
#include "agent/api/settings_reader.hpp"
#include "agent/modules/clients/client_answers.hpp"
#include "agent/modules/clients/client_table.hpp"
#include "agent/modules/clients/event_source.hpp"

namespace {

using namespace clacks;
using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kLookInterval = 1s;

class ClientsModule final : public Module {
  public:
    std::string_view name() const override { return "clients"; }

    std::vector<ModuleSetting> keys() const override {
        return {
            {"answer-timeout", "duration", "5 s",
             "What a client may take to answer clientDispatch or notifyUser."},
            {"client-timeout", "duration", "3 min", "A client that is silent for so long is offline."},
            {"forget-after", "duration", "168 h",
             "A client that is offline for so long is taken off the table."},
            {"max-clients", "integer", "100000", "Clients in the table; more are not taken."},
            {"poll-after", "duration", "2 s",
             "How long other agents have to show themselves before this one sends ClientPoll."},
        };
    }

    Result<void, Diagnostics> configure(const ModuleSettings& settings) override {
        Diagnostics problems;
        SettingsReader read(settings.values, "[module clients]", problems);
        silence_ = read.duration("client-timeout", 3min, 100ms, 24h);
        patience_ = read.duration("answer-timeout", 5s, 100ms, 9s);
        age_ = read.duration("forget-after", 168h, 1s, 24h * 366);
        table_ = ClientTable(read.count("max-clients", 100'000, 1, 10'000'000));
        source_ = std::make_unique<EventSource>(read.duration("poll-after", 2s, 0ms, 1h));
        if (!problems.empty()) return problems;
        return {};
    }

    void start(ModuleContext& context) override {
        context_ = &context;
        add_commands();
        add_dispatch();
        add_notify();
        source_->start(context, table_,
                       [this](const std::string& id, ClientTable::Change change) { tell(id, change); });
        context.timer(kLookInterval, true, [this] { expire(); });
    }

  private:
    void add_commands() {
        add("getClients", {}, "Lists the clients.", "an object by id, with name, online and received",
            [this](const nlohmann::json&) { return client_list(table_); });
        const rpc::Parameter client{"client", rpc::ParameterType::string, true, "the client's id"};
        add("getClientMethods", {client}, "Lists the methods that a client provides.",
            "an object by name, with path, sig and doc",
            [this](const nlohmann::json& given) { return methods_of(table_, given[0]); });
        add("getClientNetInfo", {client}, "Lists a client's network interfaces.",
            "an object by name, with IPAddress, IPv6Address, MAC, Netmask and Broadcast",
            [this](const nlohmann::json& given) { return network_of(table_, given[0]); });
        add("getUserSessions",
            {{"client", rpc::ParameterType::string, false, "the client's id; all clients"}},
            "Lists the users who are logged on.", "a list of names", [this](const nlohmann::json& given) {
                return given[0].is_null() ? all_users(table_) : users_of(table_, given[0]);
            });
        add("getUserClients", {{"user", rpc::ParameterType::string, true, "the user's name"}},
            "Lists the clients that a user is logged on to.", "a list of ids",
            [this](const nlohmann::json& given) { return clients_of(table_, given[0]); });
    }

    // Its caller waits for the client, the module does not.
    void add_dispatch() {
        CommandSpec spec;
        spec.name = "clientDispatch";
        spec.parameters = {
            {"client", rpc::ParameterType::string, true, "the client's id"},
            {"method", rpc::ParameterType::string, true, "what it is to do, see getClientMethods"},
            {"arguments", rpc::ParameterType::array, false, "the method's arguments"}};
        spec.documentation = "Runs a method of a client.";
        spec.result = "what the client answers";
        spec.needs_user = true;
        auto added = context_->command_later(
            std::move(spec), [this](const Call& call, std::function<void(CommandResult)> answer) {
                const nlohmann::json& given = *call.parameters;
                const std::string id = given[0];
                const ClientState* client = table_.find(id);
                if (!client) return answer(unknown_client(id));
                context_->ask({client->user, id, request_of(given[1], given[2])}, patience_,
                              [answer = std::move(answer)](const Result<std::string, Diagnostic>& reply) {
                                  answer(result_of(reply));
                              });
            });
        if (!added) throw std::runtime_error(to_string(added.error()));
    }

    void add_notify() {
        CommandSpec spec;
        spec.name = "notifyUser";
        spec.parameters = {{"user", rpc::ParameterType::string, true, "the user's name"},
                           {"title", rpc::ParameterType::string, true, "a few words"},
                           {"message", rpc::ParameterType::string, true, "what the user is told"}};
        spec.documentation = "Tells something to a user on every client that the user is logged on to.";
        spec.result = "an object by client's id: true, or why not";
        spec.needs_user = true;
        auto added = context_->command_later(
            std::move(spec), [this](const Call& call, std::function<void(CommandResult)> answer) {
                // Answers when the last client has, or its time is over.
                const auto told =
                    std::shared_ptr<nlohmann::json>(new nlohmann::json(nlohmann::json::object()),
                                                    [answer = std::move(answer)](nlohmann::json* all) {
                                                        answer(std::move(*all));
                                                        delete all;
                                                    });
                notify(*call.parameters, told);
            });
        if (!added) throw std::runtime_error(to_string(added.error()));
    }

    void notify(const nlohmann::json& given, const std::shared_ptr<nlohmann::json>& told) {
        const std::string user = given[0];
        const std::string request = request_of("notifyUser", given);
        for (const auto& [id, client] : table_.clients()) {
            if (std::find(client.users.begin(), client.users.end(), user) == client.users.end()) continue;
            context_->ask({client.user, id, request}, patience_,
                          [told, id = id](const Result<std::string, Diagnostic>& reply) {
                              auto result = result_of(reply);
                              (*told)[id] =
                                  result ? std::move(*result) : nlohmann::json(result.error().message);
                          });
        }
    }

    void add(std::string name, std::vector<rpc::Parameter> parameters, std::string documentation,
             std::string result, std::function<CommandResult(const nlohmann::json&)> body) {
        CommandSpec spec;
        spec.name = std::move(name);
        spec.parameters = std::move(parameters);
        spec.documentation = std::move(documentation);
        spec.result = std::move(result);
        auto added = context_->command(
            std::move(spec), [body = std::move(body)](const Call& call) { return body(*call.parameters); });
        if (!added) throw std::runtime_error(to_string(added.error()));
    }

    // `id` as the log shows it.
    std::string shown(const std::string& id) const {
        const ClientState* client = table_.find(id);
        return "client " + id + (client && !client->name.empty() ? " (" + client->name + ")" : "");
    }

    void tell(const std::string& id, ClientTable::Change change) {
        if (change == ClientTable::Change::full) {
            if (!std::exchange(full_told_, true))
                context_->log_warning("the table is full, client " + id +
                                      " and others are not taken; raise max-clients");
            return;
        }
        context_->log_info(shown(id) + (change == ClientTable::Change::online ? " is online" : " left"));
    }

    void expire() {
        const SteadyTime now = context_->clock().steady();
        for (const std::string& id : table_.expire(now, silence_))
            context_->log_warning(shown(id) + " was silent for " + duration_text(silence_) +
                                  " and is offline");
        table_.forget(now, age_);
    }

    ModuleContext* context_ = nullptr;
    std::chrono::milliseconds silence_{}, age_{}, patience_{};
    ClientTable table_;
    std::unique_ptr<ClientSource> source_;
    bool full_told_ = false;
};

}  // namespace

CLACKS_MODULE(ClientsModule)
