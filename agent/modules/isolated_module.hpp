// Stands in the agent for a module that runs in a process of its own (clacks-module-host), and does for it
// what the agent offers: what the process asks for is asked of the context, and what the context brings is
// passed on.
//
// When the process ends by itself, says what makes no sense, or does not answer for the time of `watchdog`,
// it is killed; its subscriptions end, its commands are answered with an error that says what happened, and
// it is started anew after a pause that doubles from one second to a minute. The agent goes on.
//
// Thread safety: as every module. Waiting for the process takes real time; pauses and the watchdog go by the
// context's clock.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/modules/hosted_context.hpp"
#include "agent/modules/module_process.hpp"
#include "common/base/line_limit.hpp"

namespace clacks {

// What the module's process is to know of the agent.
struct IsolationOptions {
    std::filesystem::path program = module_host_program();
    // Limits of expressions, as for filters.
    std::size_t filter_bytes = 64UL * 1024;
    std::size_t filter_nesting = 200;
    std::uint64_t filter_steps = 1'000'000;
    std::size_t filter_memory = 16UL * 1024 * 1024;
    // As in HostOptions.
    std::size_t mailbox = 10000;
    std::size_t mailbox_bytes = 16UL * 1024 * 1024;
    std::chrono::milliseconds command_deadline{10000};
};

class IsolatedModule final : public Module {
  public:
    // Starts the process and asks it what the module is; all that the loader would find wrong is told alike.
    static Result<std::unique_ptr<IsolatedModule>, Diagnostics> make(const std::filesystem::path& file,
                                                                     IsolationOptions options);

    std::string_view name() const override { return name_; }
    std::filesystem::path events_folder() const override { return events_; }
    // The module's, and "watchdog".
    std::vector<ModuleSetting> keys() const override;
    std::vector<ModuleSetting> instance_keys() const override { return instance_keys_; }
    Result<void, Diagnostics> configure(const ModuleSettings& settings) override;
    void start(ModuleContext& context) override;
    void stop() override;

    // Of the process that runs now; 0 for none.
    pid_t process() const { return process_ ? process_->id() : 0; }

  private:
    using Head = nlohmann::json;
    using Answer = std::function<void(CommandResult)>;

    IsolatedModule(std::filesystem::path file, IsolationOptions options);
    Result<void, Diagnostics> launch();
    Result<void, Diagnostics> set_up();
    Result<Head, Diagnostics> request(Head head, std::chrono::milliseconds patience);
    bool send(const wire::Frame& frame);
    void pass_on(const wire::Frame& frame, std::optional<Receipt> receipt);
    void drop_on_the_way();
    void look();
    void look_later();
    void watch_over();
    void lost(const Diagnostic& why);
    void try_later();
    void start_again();
    rpc::Error away() const;

    void serve(const wire::Frame& frame);
    void answered(const Head& head);
    void answer(const Head& head, Head with);
    void publish(const wire::Frame& frame);
    void subscribe(const Head& head);
    void add_command(const Head& head);
    void call(const std::string& name, const Call& call, const Answer& answer);
    void listen(const Head& head);
    void ask(const wire::Frame& frame);
    void list_commands(const Head& head);
    void log(const Head& head);

    const std::filesystem::path file_;
    const IsolationOptions options_;
    std::string name_;
    std::filesystem::path events_;
    std::vector<ModuleSetting> keys_, instance_keys_;
    std::chrono::milliseconds watchdog_;
    Head settings_;  // as configure() was given them
    HostedContext* context_ = nullptr;

    std::unique_ptr<ModuleProcess> process_;
    std::string away_;      // why there is no process
    bool running_ = false;  // from its first start to its stop
    bool watched_over_ = false, look_due_ = false;
    SteadyTime since_{};
    unsigned failures_ = 0;  // one after the other
    std::uint64_t last_id_ = 0;
    std::map<std::uint64_t, std::optional<Head>> awaited_;  // requests, and their answers
    std::optional<std::pair<std::uint64_t, SteadyTime>> ping_;
    // Events that the process has not taken yet, and messages, which have no receipt.
    std::deque<std::optional<Receipt>> on_the_way_;
    std::map<std::string, Head> commands_;       // all that were ever added, by name
    std::map<std::string, std::uint64_t> live_;  // those that the process has, with its number
    std::map<std::uint64_t, Answer> calls_;
    struct OpenIntake {
        std::uint16_t port = 0;
        std::optional<std::uint64_t> number;  // the process's, while it wants the messages
    };
    std::map<std::string, std::shared_ptr<OpenIntake>> intakes_;
    std::uint64_t generation_ = 0;  // raised with every process
    LineLimit lines_{200, std::chrono::milliseconds(50)};
};

}  // namespace clacks
