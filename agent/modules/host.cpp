#include "agent/modules/host.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "agent/api/settings_reader.hpp"
#include "agent/modules/hosted_context.hpp"
#include "agent/modules/inbox.hpp"
#include "agent/modules/intake_box.hpp"
#include "agent/modules/worker.hpp"
#include "common/base/text.hpp"
#include "common/rpc/error_codes.hpp"

namespace clacks {

namespace {

// What is being handled, as the words of an exception; to be called in a catch block.
std::string current_exception_text() {
    try {
        throw;
    } catch (const std::exception& exception) {
        return one_line(exception.what());
    } catch (...) {
        return "an exception of no standard type";
    }
}

Diagnostic problem(const std::string& module, std::string code, std::string message) {
    Diagnostic result;
    result.code = std::move(code);
    result.message = "module '" + module + "': " + std::move(message);
    return result;
}

// A key of a section by what the module says of its keys: "NAME.*" covers every NAME.SOMETHING.
bool covers(const std::string& allowed, const std::string& key) {
    if (!allowed.ends_with(".*")) return allowed == key;
    const std::string_view begin(allowed.data(), allowed.size() - 1);
    return key.size() > begin.size() && key.starts_with(begin);
}

}  // namespace

namespace {

// A call on its way to the module's thread and back.
class PendingCall {
  public:
    explicit PendingCall(const Call& given) : call(given) {
        if (given.parameters) parameters_ = *given.parameters;
        call.parameters = &parameters_;
    }
    PendingCall(const PendingCall&) = delete;
    PendingCall& operator=(const PendingCall&) = delete;

    void finish(CommandResult result) {
        const std::lock_guard lock(mutex_);
        result_ = std::move(result);
    }
    void end() {
        const std::lock_guard lock(mutex_);
        over_ = true;
        changed_.notify_all();
    }
    // False when the time is up.
    bool wait(std::chrono::milliseconds patience) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, patience, [this] { return over_; });
    }
    CommandResult take(const std::string& module) {
        const std::lock_guard lock(mutex_);
        if (result_) return std::move(*result_);
        return rpc::Error{rpc::kStopping,
                          "the module '" + module + "' is stopping and did not run the command", nullptr};
    }

    Call call;

  private:
    nlohmann::json parameters_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::optional<CommandResult> result_;
    bool over_ = false;
};

// Held by the work on the module's thread: when it goes, run or dropped, the call is over.
class CallTicket {
  public:
    explicit CallTicket(std::shared_ptr<PendingCall> call) : call_(std::move(call)) {}
    ~CallTicket() { call_->end(); }
    CallTicket(const CallTicket&) = delete;
    CallTicket& operator=(const CallTicket&) = delete;

  private:
    std::shared_ptr<PendingCall> call_;
};

// A way to the module's thread for those who may come when it has ended.
class Door {
  public:
    void open(Worker* worker) {
        const std::lock_guard lock(mutex_);
        worker_ = worker;
    }
    void post(std::function<void()> task) {
        const std::lock_guard lock(mutex_);
        if (worker_ != nullptr) worker_->post(std::move(task));
    }

  private:
    std::mutex mutex_;
    Worker* worker_ = nullptr;
};

}  // namespace

// One module with its thread; the context that it is given.
class ModuleHost::Hosted final : public HostedContext {
  public:
    explicit Hosted(FoundModule found)
        : module_(std::move(found.module)),
          events_(std::move(found.events)),
          own_process_(found.own_process),
          name_(module_->name()) {}
    ~Hosted() override { stop(); }

    const std::string& name() const { return name_; }
    std::filesystem::path events_folder() const {
        std::filesystem::path own = module_->events_folder();
        return own.empty() ? events_ : own;
    }

    Result<void, Diagnostics> configure(const HostOptions& options) {
        options_ = &options;
        settings_.node = options.node;
        settings_.domain = options.domain;
        settings_.status_interval = options.status_interval;
        settings_.node_timeout = options.node_timeout;
        settings_.expressions = options.expressions;
        take_sections(options.settings);
        Diagnostics problems = check_sections();
        if (!problems.empty()) return problems;
        try {
            auto done = module_->configure(settings_);
            if (done) return {};
            problems = std::move(done).error();
        } catch (...) {
            problems = {
                problem(name_, "module-configure", "its configuration failed: " + current_exception_text())};
        }
        for (Diagnostic& found : problems)
            if (found.source.empty()) found.source = "[module " + name_ + "]";
        return problems;
    }

    Result<void, Diagnostics> start(const HostServices& services) {
        services_ = &services;
        worker_.emplace(services.clock);
        door_->open(&*worker_);
        std::optional<Diagnostic> failed;
        worker_->first([&] {
            try {
                module_->start(*this);
            } catch (...) {
                failed = problem(name_, "module-start", "it did not start: " + current_exception_text());
            }
        });
        if (!failed) {
            running_ = true;
            return {};
        }
        end();
        return Diagnostics{std::move(*failed)};
    }

    void stop() {
        if (!worker_) return;
        worker_->release();
        if (running_) {
            worker_->call([&] { guarded("stop", [&] { module_->stop(); }); });
        }
        end();
    }

    void release() { worker_->release(); }
    void pass() {
        if (worker_) worker_->pass();
    }

    // ---- ModuleContext ----
    const ModuleSettings& settings() const override { return settings_; }
    const Clock& clock() const override { return services_->clock; }

    Result<Published> send(std::string document) override {
        Publication publication;
        publication.document = std::move(document);
        publication.user = settings_.node;
        publication.module = name_;
        return services_->events.publish(std::move(publication));
    }

    Result<void, Diagnostics> subscribe(std::string xquery,
                                        std::function<void(const EventMessage&)> callback) override {
        return subscribe_with_receipt(std::move(xquery), [callback = std::move(callback)](
                                                             const EventMessage& message, Receipt receipt) {
            receipt.taken();
            callback(message);
        });
    }

    Result<void, Diagnostics> subscribe_with_receipt(std::string xquery, ReceiptCallback callback) override {
        auto inbox = std::make_shared<Inbox>(
            *worker_, options_->mailbox,
            [this, callback = std::move(callback)](const EventMessagePtr& message, Receipt receipt) {
                guarded("callback for the event " + message->message_id,
                        [&] { callback(*message, std::move(receipt)); });
            });
        SubscriptionRequest request;
        request.owner = "module " + name_;
        request.filter = std::move(xquery);
        request.delivery = inbox;
        request.own = true;
        auto made = services_->subscriptions.subscribe(std::move(request));
        if (!made) return std::move(made).error();
        subscriptions_.push_back(std::move(*made));
        inboxes_.push_back(std::move(inbox));
        return {};
    }

    Result<void, Diagnostic> command(CommandSpec spec, CommandBody body) override {
        return command_later(std::move(spec), [body = std::move(body)](const Call& call, const auto& answer) {
            answer(body(call));
        });
    }

    Result<void, Diagnostic> command_later(CommandSpec spec, LaterBody body) override {
        spec.may_wait = true;  // the caller waits for the module's thread
        return services_->commands.add(
            name_, std::move(spec),
            [this, body = std::move(body)](const Call& call) { return run(call, body); });
    }

    void ask(ClientRequest request, std::chrono::milliseconds patience,
             std::function<void(Result<std::string, Diagnostic>)> callback) override {
        // Whoever comes first takes it: the answer, or the time.
        auto once =
            std::make_shared<std::function<void(Result<std::string, Diagnostic>)>>(std::move(callback));
        auto finish = [this, once](Result<std::string, Diagnostic> result) {
            if (const auto taken = std::exchange(*once, nullptr))
                guarded("callback for an answer", [&] { taken(std::move(result)); });
        };
        auto taker =
            std::make_shared<ClientAnswer>([door = door_, finish](Result<std::string, Diagnostic> result) {
                door->post([finish, result = std::move(result)] { finish(result); });
            });
        const std::string client = one_line(request.client, 60);
        worker_->after(patience, false, [finish, taker, client, patience] {
            Diagnostic over;
            over.code = "time-out";
            over.message = "the client '" + client + "' has not answered within " +
                           std::to_string(patience.count()) + " ms";
            finish(over);
        });
        if (services_->requests != nullptr) return services_->requests->ask(std::move(request), taker);
        Diagnostic away;
        away.code = "client-away";
        away.message = "there is no bus here that could reach a client";
        (*taker)(away);
    }

    void timer(std::chrono::milliseconds delay, bool repeat, std::function<void()> callback) override {
        worker_->after(delay, repeat, [this, callback = std::move(callback)] { guarded("timer", callback); });
    }

    void watch(int descriptor, Ready ready, std::function<void()> callback) override {
        worker_->watch(descriptor, ready,
                       [this, callback = std::move(callback)] { guarded("descriptor", callback); });
    }
    void unwatch(int descriptor) override { worker_->unwatch(descriptor); }

    Result<std::uint16_t, Diagnostic> listen(Intake intake,
                                             std::function<void(std::string)> callback) override {
        if (services_->intakes == nullptr)
            return problem(name_, "module-listen", "there is no bus here that could listen for it");
        auto box = std::make_shared<IntakeBox>(
            *worker_, services_->counters, IntakeBox::Limits{options_->mailbox, options_->mailbox_bytes},
            [this, callback = std::move(callback)](std::string body) {
                guarded("callback for a message", [&] { callback(std::move(body)); });
            },
            [this](std::uint64_t lost) {
                log(ModuleLogLevel::warning,
                    "it could not keep up: " + std::to_string(lost) + " messages were lost");
            });
        auto port = services_->intakes->open_intake(
            std::move(intake), [box](std::string body) { return box->put(std::move(body)); });
        if (port) boxes_.push_back(std::move(box));
        return port;
    }

    std::vector<CommandRegistry::Entry> commands() const override { return services_->commands.list(); }
    void log_info(std::string_view text) override { log(ModuleLogLevel::info, text); }
    void log_warning(std::string_view text) override { log(ModuleLogLevel::warning, text); }

    // ---- HostedContext ----
    void end_subscriptions() override {
        for (const auto& inbox : inboxes_) inbox->close();
        subscriptions_.clear();
        inboxes_.clear();
    }
    Counters& counters() override { return services_->counters; }

  private:
    void take_sections(const std::map<std::string, std::map<std::string, std::string>>& sections) {
        settings_.values.clear();
        settings_.instances.clear();
        for (const auto& [section, values] : sections) {
            if (section == name_)
                settings_.values = values;
            else if (module_of(section) == name_)
                settings_.instances[section.substr(name_.size() + 1)] = values;
        }
    }

    // The one key that is the host's own, in the section of every module.
    void take_process(const std::string& section, Diagnostics& problems) {
        SettingsReader read(settings_.values, section, problems);
        const std::string where = read.text("process", "agent");
        if (where != "agent" && where != "own")
            read.problem("process", "process: '" + one_line(where, 60) + "' is neither agent nor own",
                         "write agent or own");
        else if ((where == "own") != own_process_)
            read.problem("process", "process: it is a part of the agent and runs in no other process",
                         "remove the line");
        settings_.values.erase("process");
    }

    Diagnostics check_sections() {
        Diagnostics problems;
        const std::string section = "[module " + name_ + "]";
        take_process(section, problems);
        check_keys(section, settings_.values, module_->keys(), problems);
        const std::vector<ModuleSetting> known = module_->instance_keys();
        for (const auto& [instance, values] : settings_.instances) {
            const std::string within = "[module " + name_ + " " + instance + "]";
            if (!known.empty()) {
                check_keys(within, values, known, problems);
                continue;
            }
            Diagnostic unknown = problem(name_, "config-section", "it has no sections of this kind");
            unknown.source = within;
            unknown.hint = "write " + section;
            problems.push_back(std::move(unknown));
        }
        return problems;
    }

    void check_keys(const std::string& section, const std::map<std::string, std::string>& values,
                    const std::vector<ModuleSetting>& settings, Diagnostics& problems) const {
        std::vector<std::string> known;
        known.reserve(settings.size());
        for (const ModuleSetting& setting : settings) known.push_back(setting.key);
        for (const auto& [key, value] : values) {
            const auto allows = [&name = key](const std::string& allowed) { return covers(allowed, name); };
            if (std::any_of(known.begin(), known.end(), allows)) continue;
            Diagnostic unknown =
                problem(name_, "config-key", "it has no setting '" + one_line(key, 60) + "'");
            unknown.source = section;
            unknown.path = key;
            const std::string near = nearest(key, known);
            unknown.hint = !near.empty()   ? "did you mean '" + near + "'?"
                           : known.empty() ? "it has no settings at all; remove the line"
                                           : "see the module's documentation";
            problems.push_back(std::move(unknown));
        }
        for (const ModuleSetting& setting : settings) {
            const auto found = values.find(setting.key);
            if (!setting.fallback.empty() || (found != values.end() && !found->second.empty())) continue;
            Diagnostic missing = problem(name_, "config-key", "'" + setting.key + "' must be set");
            missing.source = section;
            missing.path = setting.key;
            missing.hint = "write " + setting.key + " = " + setting.type + ": " + setting.help;
            problems.push_back(std::move(missing));
        }
    }

    void log(ModuleLogLevel level, std::string_view text) const {
        if (options_->log) options_->log(level, "module " + name_ + ": " + std::string(text));
    }

    template <class Action>
    void guarded(const std::string& what, const Action& action) {
        try {
            action();
        } catch (...) {
            ++services_->counters.module_errors;
            log(ModuleLogLevel::warning, "its " + what + " failed: " + current_exception_text());
        }
    }

    // On the caller's thread. The call has copies of all that it needs, as it may outlast the caller's
    // patience.
    CommandResult run(const Call& call, const LaterBody& body) {
        auto pending = std::make_shared<PendingCall>(call);
        auto ticket = std::make_shared<CallTicket>(pending);
        worker_->post([this, ticket = std::move(ticket), pending, body] {
            // The call is over with the answer, or when nobody could give one any more.
            const auto answer = [ticket, pending](CommandResult result) {
                pending->finish(std::move(result));
                pending->end();
            };
            try {
                body(pending->call, answer);
            } catch (...) {
                ++services_->counters.module_errors;
                const std::string text =
                    "the command '" + pending->call.method + "' failed: " + current_exception_text();
                log(ModuleLogLevel::warning, text);
                pending->finish(rpc::Error{rpc::kInternalError, text, nullptr});
            }
        });
        if (pending->wait(options_->command_deadline)) return pending->take(name_);
        log(ModuleLogLevel::warning, "it has not answered the command '" + call.method + "' in time");
        return rpc::Error{rpc::kInternalError,
                          "the module '" + name_ + "' has not answered within " +
                              std::to_string(options_->command_deadline.count()) + " ms",
                          nullptr};
    }

    // Nothing of the module runs after this.
    void end() {
        services_->commands.remove(name_);
        for (const auto& inbox : inboxes_) inbox->close();
        for (const auto& box : boxes_) box->close();
        subscriptions_.clear();
        door_->open(nullptr);
        worker_->stop();
        inboxes_.clear();
        boxes_.clear();
        worker_.reset();
        running_ = false;
    }

    std::unique_ptr<Module> module_;
    std::filesystem::path events_;
    bool own_process_;
    std::string name_;
    ModuleSettings settings_;
    const HostOptions* options_ = nullptr;
    const HostServices* services_ = nullptr;
    bool running_ = false;
    std::optional<Worker> worker_;
    const std::shared_ptr<Door> door_ = std::make_shared<Door>();
    std::vector<std::unique_ptr<Subscription>> subscriptions_;
    std::vector<std::shared_ptr<Inbox>> inboxes_;
    std::vector<std::shared_ptr<IntakeBox>> boxes_;
};

std::string module_of(const std::string& section) {
    return section.substr(0, section.find(' '));
}

ModuleHost::ModuleHost() = default;

ModuleHost::~ModuleHost() {
    stop();
}

Result<void, Diagnostic> ModuleHost::add(FoundModule found) {
    auto hosted = std::make_unique<Hosted>(std::move(found));
    const std::string& name = hosted->name();
    if (name == "core" || std::any_of(modules_.begin(), modules_.end(),
                                      [&](const auto& other) { return other->name() == name; })) {
        Diagnostic taken = problem(name, "module-duplicate", "another module, or the core, has this name");
        taken.hint = "rename it, or remove one of them";
        return taken;
    }
    modules_.push_back(std::move(hosted));
    return {};
}

std::vector<std::filesystem::path> ModuleHost::events_folders() const {
    std::vector<std::filesystem::path> folders;
    for (const auto& hosted : modules_) {
        if (auto folder = hosted->events_folder(); !folder.empty()) folders.push_back(std::move(folder));
    }
    return folders;
}

Result<void, Diagnostics> ModuleHost::configure(const HostOptions& options) {
    options_ = options;
    Diagnostics problems;
    for (const auto& hosted : modules_) {
        if (auto done = hosted->configure(options_); !done)
            problems.insert(problems.end(), done.error().begin(), done.error().end());
    }
    if (!problems.empty()) return problems;
    return {};
}

Result<void, Diagnostics> ModuleHost::start(const HostServices& services) {
    for (const auto& hosted : modules_) {
        auto started = hosted->start(services);
        if (started) continue;
        stop();
        return started;
    }
    for (const auto& hosted : modules_) hosted->release();
    return {};
}

void ModuleHost::stop() {
    for (auto hosted = modules_.rbegin(); hosted != modules_.rend(); ++hosted) (*hosted)->stop();
}

void ModuleHost::pass() {
    for (const auto& hosted : modules_) hosted->pass();
}

std::vector<std::string> ModuleHost::names() const {
    std::vector<std::string> names;
    for (const auto& hosted : modules_) names.push_back(hosted->name());
    return names;
}

}  // namespace clacks
