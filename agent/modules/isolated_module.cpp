#include "agent/modules/isolated_module.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "agent/api/settings_reader.hpp"
#include "agent/modules/wire_values.hpp"
#include "common/base/quantity.hpp"
#include "common/base/text.hpp"
#include "common/rpc/error_codes.hpp"

namespace clacks {

namespace {

using nlohmann::json;
using std::chrono::milliseconds;

constexpr milliseconds kWatchdog{30000};
constexpr milliseconds kFirstPause{1000}, kLongestPause{60000};
constexpr milliseconds kStop{5000};    // for the module's goodbye
constexpr milliseconds kEnding{1000};  // for a process that has closed its socket to be gone
// The client's patience is looked after where the module is; this only bounds what is kept for it.
constexpr milliseconds kLongestAsk{600000};
// So many events and messages are ahead of the module in its process; the others wait in its mailbox.
constexpr std::size_t kMostOnTheWay = 64;
constexpr int kFramesAtOnce = 256;  // before others get their turn

Diagnostic problem(std::string message) {
    Diagnostic found;
    found.code = "module-process";
    found.message = std::move(message);
    return found;
}

Diagnostic problem(const std::string& module, const std::string& message) {
    return problem("module '" + module + "': " + message);
}

}  // namespace

IsolatedModule::IsolatedModule(std::filesystem::path file, IsolationOptions options)
    : file_(std::move(file)), options_(std::move(options)), name_(file_.stem()), watchdog_(kWatchdog) {}

Result<std::unique_ptr<IsolatedModule>, Diagnostics> IsolatedModule::make(const std::filesystem::path& file,
                                                                          IsolationOptions options) {
    std::unique_ptr<IsolatedModule> made(new IsolatedModule(file, std::move(options)));
    if (auto launched = made->launch(); !launched) return std::move(launched).error();
    return made;
}

std::vector<ModuleSetting> IsolatedModule::keys() const {
    std::vector<ModuleSetting> keys = keys_;
    keys.push_back({"watchdog", "duration", duration_text(kWatchdog),
                    "A process that has not answered for so long is killed and started anew."});
    return keys;
}

// Until the process has said what the module is.
Result<void, Diagnostics> IsolatedModule::launch() {
    auto started = ModuleProcess::start(options_.program, file_);
    if (!started) return Diagnostics{problem(name_, started.error().message)};
    process_ = std::move(*started);
    ++generation_;
    auto said = request({{"type", "describe"}, {"version", wire::kVersion}}, watchdog_);
    if (!said) return std::move(said).error();
    events_ = said->at("events").get<std::string>();
    keys_ = wire::module_settings(said->at("keys"));
    instance_keys_ = wire::module_settings(said->at("instance-keys"));
    return {};
}

Result<void, Diagnostics> IsolatedModule::configure(const ModuleSettings& settings) {
    Diagnostics problems;
    SettingsReader read(settings.values, "[module " + name_ + "]", problems);
    watchdog_ = read.duration("watchdog", kWatchdog, std::chrono::milliseconds(1000), std::chrono::hours(1));
    if (!problems.empty()) return problems;
    auto values = settings.values;
    values.erase("watchdog");
    settings_ = {{"type", "configure"},
                 {"values", values},
                 {"instances", settings.instances},
                 {"node", settings.node},
                 {"domain", settings.domain},
                 {"status-interval", settings.status_interval.count()},
                 {"node-timeout", settings.node_timeout.count()},
                 {"filter-bytes", options_.filter_bytes},
                 {"filter-nesting", options_.filter_nesting},
                 {"filter-steps", options_.filter_steps},
                 {"filter-memory", options_.filter_memory},
                 {"mailbox", options_.mailbox},
                 {"mailbox-bytes", options_.mailbox_bytes},
                 {"command-deadline", options_.command_deadline.count()}};
    return set_up();
}

// The module gets its settings.
Result<void, Diagnostics> IsolatedModule::set_up() {
    const auto done = request(settings_, watchdog_);
    if (!done) return done.error();
    return {};
}

void IsolatedModule::start(ModuleContext& context) {
    context_ = &dynamic_cast<HostedContext&>(context);  // only the host runs this one
    const auto started = request({{"type", "start"}}, watchdog_);
    if (!started) throw std::runtime_error(to_string(started.error()));
    running_ = true;
    since_ = context_->clock().steady();
    context_->watch(process_->socket(), Ready::read, [this] { look(); });
    if (!std::exchange(watched_over_, true)) context_->timer(watchdog_ / 3, true, [this] { watch_over(); });
    context_->log_info("it runs in a process of its own, " + std::to_string(process_->id()));
    look_later();
}

void IsolatedModule::stop() {
    running_ = false;  // from here on its end is no failure
    if (!process_) return;
    if (const auto stopped = request({{"type", "stop"}}, std::min(watchdog_, kStop)); !stopped)
        context_->log_warning("it did not stop by itself: " + away_);
    if (!process_) return;
    context_->unwatch(process_->socket());
    (void)process_->end(kEnding);
    process_.reset();
    drop_on_the_way();
}

// ---- the process ----

bool IsolatedModule::send(const wire::Frame& frame) {
    if (!process_) return false;
    const auto sent = process_->send(frame, watchdog_);
    if (sent) return true;
    if (sent.error().code == "frame-too-long") throw std::runtime_error(sent.error().message);
    lost(sent.error());
    return false;
}

// The process has to answer; what it asks for meanwhile is done. What it finds wrong is the error, too.
Result<json, Diagnostics> IsolatedModule::request(json head, milliseconds patience) {
    const std::uint64_t id = ++last_id_, generation = generation_;
    head["id"] = id;
    awaited_[id];
    const SteadyTime end = system_clock().steady() + patience;
    send({std::move(head)});
    while (process_ && generation_ == generation) {
        if (auto& found = awaited_[id]) {
            json answer = std::move(*found);
            awaited_.erase(id);
            look_later();
            if (answer.contains("problems")) return wire::diagnostics(answer.at("problems"));
            return answer;
        }
        const auto left = std::chrono::ceil<milliseconds>(end - system_clock().steady());
        auto frame = process_->receive(std::max(left, milliseconds(0)));
        if (!frame)
            lost(frame.error());
        else if (*frame)
            serve(**frame);
        else if (left.count() <= 0)
            lost(problem("it has not answered for " + duration_text(patience)));
    }
    awaited_.erase(id);
    return Diagnostics{problem(name_, away_)};
}

// The process is no good any more. May be called from within everything that talks with it.
void IsolatedModule::lost(const Diagnostic& why) {
    if (!process_) return;
    const std::unique_ptr<ModuleProcess> process = std::move(process_);
    // One that has closed its socket is about to end, and tells why by its status.
    const bool gone = why.code == "module-gone";
    away_ =
        "its process " + std::to_string(process->id()) + " " + process->end(gone ? kEnding : milliseconds(0));
    if (!gone || away_.ends_with("was killed")) away_ += ": " + why.message;
    awaited_.clear();
    ping_.reset();
    drop_on_the_way();
    live_.clear();
    for (const auto& [key, intake] : intakes_) intake->number.reset();
    if (context_ != nullptr) {
        context_->unwatch(process->socket());
        context_->end_subscriptions();
    }
    if (running_) try_later();
    for (auto& [id, answer] : std::exchange(calls_, {})) answer(away());
}

rpc::Error IsolatedModule::away() const {
    const std::string why = process_ ? "its process does not have the command now" : away_;
    return {rpc::kModuleAway, "module '" + name_ + "': " + why, nullptr};
}

void IsolatedModule::try_later() {
    if (context_->clock().steady() - since_ > kLongestPause) failures_ = 0;
    const milliseconds pause = std::min(kLongestPause, kFirstPause * (1U << std::min(failures_, 6U)));
    ++failures_;
    ++context_->counters().module_failures;
    away_ += "; it is started again in " + duration_text(pause);
    context_->log_warning(away_);
    context_->timer(pause, false, [this] { start_again(); });
}

void IsolatedModule::start_again() {
    const std::uint64_t before = generation_;
    since_ = context_->clock().steady();
    std::string reason;
    try {
        auto done = launch();
        if (done) done = set_up();
        if (done) return start(*context_);
        reason = to_string(done.error());
    } catch (const std::exception& error) {
        reason = error.what();
    }
    if (process_) return lost(problem("it cannot be started: " + one_line(reason, 500)));
    if (generation_ != before) return;  // lost() has seen to it
    away_ = one_line(reason, 500);
    try_later();
}

// What was read from the socket and not yet looked at wakes nobody.
void IsolatedModule::look_later() {
    if (!running_ || !process_ || !process_->pending() || std::exchange(look_due_, true)) return;
    context_->timer(milliseconds(0), false, [this] {
        look_due_ = false;
        look();
    });
}

// The socket has something to read.
void IsolatedModule::look() {
    for (int i = 0; i < kFramesAtOnce && process_; ++i) {
        auto frame = process_->receive(milliseconds(0));
        if (!frame) return lost(frame.error());
        if (!*frame) return;
        serve(**frame);
    }
    look_later();
}

void IsolatedModule::watch_over() {
    look();  // what has come while this thread was busy counts
    if (!process_) return;
    const SteadyTime now = context_->clock().steady();
    if (ping_ && now - ping_->second >= watchdog_)
        return lost(problem("it has not answered for " + duration_text(watchdog_)));
    if (ping_) return;
    ping_.emplace(++last_id_, now);
    send({{{"type", "ping"}, {"id", ping_->first}}});
    look_later();
}

// An event or a message; waits while the process has enough of them, so that the others stay in the mailbox.
void IsolatedModule::pass_on(const wire::Frame& frame, std::optional<Receipt> receipt) {
    const SteadyTime end = system_clock().steady() + watchdog_;
    const std::uint64_t generation = generation_;
    on_the_way_.push_back(std::move(receipt));  // first: if the process is lost meanwhile, so is this one
    while (process_ && on_the_way_.size() > kMostOnTheWay) {
        const auto left = std::chrono::ceil<milliseconds>(end - system_clock().steady());
        if (left.count() <= 0) return lost(problem("it has taken no event for " + duration_text(watchdog_)));
        auto came = process_->receive(left);
        if (!came) return lost(came.error());
        if (*came) serve(**came);
    }
    if (!process_ || generation_ != generation) return;
    try {
        send(frame);
    } catch (...) {
        if (!on_the_way_.empty()) on_the_way_.pop_back();  // it is too long
        throw;
    }
    look_later();
}

void IsolatedModule::drop_on_the_way() {
    for (const auto& receipt : std::exchange(on_the_way_, {}))
        if (!receipt) ++context_->counters().messages_dropped;
}

// ---- what the process says ----

void IsolatedModule::serve(const wire::Frame& frame) {
    const json& head = frame.head;
    try {
        const std::string& type = head.at("type").get_ref<const std::string&>();
        if (type == "answer") return answered(head);
        if (context_ == nullptr)
            return lost(problem("it says '" + one_line(type, 40) + "' before its start"));
        if (type == "taken") {
            if (on_the_way_.empty()) return;
            if (auto& receipt = on_the_way_.front()) receipt->taken();
            on_the_way_.pop_front();
        } else if (type == "publish") {
            publish(frame);
        } else if (type == "log") {
            log(head);
        } else if (type == "subscribe") {
            subscribe(head);
        } else if (type == "command") {
            add_command(head);
        } else if (type == "listen") {
            listen(head);
        } else if (type == "ask") {
            ask(frame);
        } else if (type == "commands") {
            list_commands(head);
        } else {
            lost(problem("it says '" + one_line(type, 40) + "', which means nothing"));
        }
    } catch (const json::exception& error) {
        lost(problem(std::string("it makes no sense: ") + error.what()));
    }
}

void IsolatedModule::answered(const json& head) {
    const std::uint64_t id = head.at("id");
    if (ping_ && ping_->first == id) return ping_.reset();
    if (const auto call = calls_.find(id); call != calls_.end()) {
        const Answer answer = std::move(call->second);
        calls_.erase(call);
        return answer(wire::command_result(head));
    }
    if (const auto found = awaited_.find(id); found != awaited_.end()) found->second = head;
}

void IsolatedModule::answer(const json& head, json with) {
    with["type"] = "answer";
    with["id"] = head.at("id");
    send({std::move(with)});
}

void IsolatedModule::publish(const wire::Frame& frame) {
    const auto published = context_->send(frame.body);
    if (published)
        answer(frame.head, {{"message-id", published->id}, {"matched", published->matched}});
    else
        answer(frame.head, {{"problem", wire::to_json(published.error())}});
}

void IsolatedModule::subscribe(const json& head) {
    const std::uint64_t number = head.at("number"), generation = generation_;
    const auto made = context_->subscribe_with_receipt(
        head.at("filter").get<std::string>(),
        [this, number, generation](const EventMessage& message, Receipt receipt) {
            if (generation != generation_ || !process_) return;
            wire::Frame frame = wire::event_frame(message);
            frame.head["number"] = number;
            pass_on(frame, std::move(receipt));
        });
    answer(head, made ? json::object() : json{{"problems", wire::to_json(made.error())}});
}

// A command stays the agent's while the process is away, so that its callers are told so.
void IsolatedModule::add_command(const json& head) {
    const json& spec = head.at("spec");
    const std::string name = spec.at("name");
    const auto known = commands_.find(name);
    if (known != commands_.end() && known->second != spec) {
        Diagnostic other =
            problem(name_, "the command '" + name + "' was declared otherwise when the agent started");
        other.hint = "restart the agent to take another build of the module";
        return answer(head, {{"problem", wire::to_json(other)}});
    }
    if (known == commands_.end()) {
        const auto added = context_->command_later(
            wire::command_spec(spec),
            [this, name](const Call& made, const Answer& answer) { call(name, made, answer); });
        if (!added) return answer(head, {{"problem", wire::to_json(added.error())}});
        commands_.emplace(name, spec);
    }
    live_[name] = head.at("number");
    answer(head, json::object());
}

void IsolatedModule::call(const std::string& name, const Call& call, const Answer& answer) {
    const auto found = live_.find(name);
    if (found == live_.end()) return answer(away());
    const std::uint64_t id = ++last_id_;
    calls_.emplace(id, answer);  // first: a process that is lost now answers it, too
    send({{{"type", "call"}, {"id", id}, {"number", found->second}, {"call", wire::to_json(call)}}});
}

// An intake stays open while the process is away; what comes then is lost, and counted.
void IsolatedModule::listen(const json& head) {
    const json& wanted = head.at("intake");
    std::shared_ptr<OpenIntake>& open = intakes_[wanted.dump()];
    if (!open) {
        auto made = std::make_shared<OpenIntake>();
        const auto port = context_->listen(wire::intake(wanted), [this, made](std::string body) {
            if (made->number)
                pass_on({{{"type", "message"}, {"number", *made->number}}, std::move(body)}, std::nullopt);
            else
                ++context_->counters().messages_dropped;
        });
        if (!port) {
            intakes_.erase(wanted.dump());
            return answer(head, {{"problem", wire::to_json(port.error())}});
        }
        made->port = *port;
        open = std::move(made);
    }
    open->number = head.at("number").get<std::uint64_t>();
    answer(head, {{"port", open->port}});
}

void IsolatedModule::ask(const wire::Frame& frame) {
    ClientRequest request{frame.head.at("user"), frame.head.at("client"), frame.body};
    context_->ask(std::move(request), kLongestAsk,
                  [this, number = frame.head.at("number"),
                   generation = generation_](Result<std::string, Diagnostic> result) {
                      if (generation != generation_) return;
                      json head = {{"type", "client-answer"}, {"number", number}};
                      if (!result) head["problem"] = wire::to_json(result.error());
                      send({std::move(head), result ? std::move(*result) : std::string()});
                  });
}

void IsolatedModule::list_commands(const json& head) {
    json list = json::array();
    for (const CommandRegistry::Entry& entry : context_->commands())
        list.push_back({{"provider", entry.provider}, {"spec", wire::to_json(entry.spec)}});
    answer(head, {{"commands", std::move(list)}});
}

void IsolatedModule::log(const json& head) {
    context_->counters().module_errors += head.at("errors").get<std::uint64_t>();
    context_->counters().messages_dropped += head.at("dropped").get<std::uint64_t>();
    const auto more = lines_.admit(context_->clock().steady());
    if (!more) return;
    const std::string text = one_line(head.at("text").get_ref<const std::string&>(), 4000) + *more;
    if (head.at("warning").get<bool>())
        context_->log_warning(text);
    else
        context_->log_info(text);
}

}  // namespace clacks
