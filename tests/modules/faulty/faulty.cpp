// A module for tests that does wrong what a module can do wrong, when it is told to.
#include <signal.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "agent/api/module.hpp"
#include "common/events/fields.hpp"

namespace {

using namespace clacks;

class FaultyModule final : public Module {
  public:
    std::string_view name() const override { return "faulty"; }

    std::vector<ModuleSetting> keys() const override {
        return {{"expression", "XQuery", "none", "Evaluated over every PhoneStatus."},
                {"begin", "string", "none", "What goes wrong at the start."}};
    }

    Result<void, Diagnostics> configure(const ModuleSettings& settings) override {
        settings_ = settings.values;
        const auto found = settings.values.find("expression");
        if (found == settings.values.end()) return {};
        auto compiled = settings.expressions->compile(found->second);
        if (!compiled) {
            for (Diagnostic& problem : compiled.error()) {
                problem.source = "[module faulty]";
                problem.path = "expression";
            }
            return compiled.error();
        }
        expression_ = *compiled;
        return {};
    }

    void start(ModuleContext& context) override {
        context_ = &context;
        if (settings_.contains("begin")) go_wrong(settings_["begin"]);
        auto subscribed = context.subscribe("./e:Event/e:PhoneStatus", [this](const EventMessage& message) {
            ++seen_;
            properties_ = message.application_properties.size();
            if (expression_) text_ = expression_->text(message).value();
            go_wrong(std::string(events::field(*message.event, "Status")));
        });
        if (!subscribed) throw std::runtime_error(to_string(subscribed.error()));
        CommandSpec wrong;
        wrong.name = "goWrong";
        wrong.documentation = "Does it.";
        wrong.parameters = {{"how", rpc::ParameterType::string, true, "crash, hang, exit, throw or flood"}};
        add(std::move(wrong), [this](const Call& call) -> CommandResult {
            go_wrong(call.parameters->at(0));
            return nlohmann::json(true);
        });
        CommandSpec tell;
        tell.name = "getSeen";
        tell.documentation = "Tells what it has seen, and in which process.";
        add(std::move(tell), [this](const Call& call) -> CommandResult {
            return nlohmann::json{{"seen", seen_},
                                  {"text", text_},
                                  {"process", ::getpid()},
                                  {"user", call.user},
                                  {"commands", context_->commands().size()},
                                  {"ticks", ticks_}};
        });
        CommandSpec ask;
        ask.name = "askClient";
        ask.documentation = "Asks a client, and tells its answer.";
        ask.parameters = {{"user", rpc::ParameterType::string, true, "the client's"},
                          {"client", rpc::ParameterType::string, true, "its id"},
                          {"request", rpc::ParameterType::string, true, "the request's body"},
                          {"patience", rpc::ParameterType::integer, true, "in ms"}};
        auto added = context.command_later(
            std::move(ask), [this](const Call& call, std::function<void(CommandResult)> answer) {
                const nlohmann::json& given = *call.parameters;
                context_->ask({given[0], given[1], given[2]}, std::chrono::milliseconds(given[3]),
                              [answer = std::move(answer)](const Result<std::string, Diagnostic>& reply) {
                                  answer(nlohmann::json(reply ? *reply : reply.error().code));
                              });
            });
        if (!added) throw std::runtime_error(to_string(added.error()));
        context.timer(std::chrono::milliseconds(1), true, [this] { ++ticks_; });
    }

    void stop() override { context_->log_info("goodbye"); }

  private:
    void add(CommandSpec spec, CommandBody body) {
        auto added = context_->command(std::move(spec), std::move(body));
        if (!added) throw std::runtime_error(to_string(added.error()));
    }

    void go_wrong(const std::string& how) {
        if (how == "crash") {
            ::signal(SIGSEGV, SIG_DFL);  // a sanitizer has a handler
            ::raise(SIGSEGV);
        }
        while (how == "hang") ::pause();
        if (how == "exit") ::_exit(7);
        if (how == "throw") throw std::runtime_error("as it was told to");
        if (how == "flood")
            for (int i = 0; i < 20000; ++i) context_->log_info("line " + std::to_string(i));
        if (how == "send") {
            auto sent = context_->send("<Event xmlns='http://www.gonicus.de/Events'><ClientPoll/></Event>");
            if (!sent) throw std::runtime_error(to_string(sent.error()));
            sent = context_->send("<nonsense/>");
            if (sent) throw std::logic_error("nonsense was taken");
            throw std::runtime_error(to_string(sent.error()));
        }
        if (how == "babble") (void)!::write(3, "I am no frame at all", 20);
    }

    ModuleContext* context_ = nullptr;
    std::map<std::string, std::string> settings_;
    std::shared_ptr<const Expression> expression_;
    std::string text_;
    std::size_t properties_ = 0;
    int seen_ = 0, ticks_ = 0;
};

}  // namespace

CLACKS_MODULE(FaultyModule)
