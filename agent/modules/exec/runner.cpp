#include "agent/modules/exec/runner.hpp"

#include <signal.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "common/base/quantity.hpp"
#include "common/base/text.hpp"

namespace clacks::exec {

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr milliseconds kLongestDelay = 10min;

std::vector<std::string> base_environment(const Job& job, const EventMessage& message) {
    std::vector<std::string> made{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                                  "LANG=C.UTF-8",
                                  "HOME=" + job.account.home,
                                  "CLACKS_JOB=" + job.name,
                                  "CLACKS_EVENT=" + message.event->name,
                                  "CLACKS_EVENT_ID=" + message.message_id,
                                  "CLACKS_EVENT_USER=" + message.user_id,
                                  "CLACKS_NODE=" + message.node};
    if (job.account.name.empty()) return made;
    made.push_back("USER=" + job.account.name);
    made.push_back("LOGNAME=" + job.account.name);
    return made;
}

}  // namespace

Runner::Runner(ModuleContext& context, Job job, Places& places, std::function<void()> freed)
    : context_(context),
      job_(std::move(job)),
      places_(places),
      freed_(std::move(freed)),
      lines_(100, 100ms),
      warnings_(10, 10s) {}

void Runner::take(const EventMessage& message) {
    if (stopping_) return;
    ++matched_;
    if (!within_rate(context_.clock().steady())) return drop(dropped_by_rate_, "rate");
    auto task = make_task(message);
    if (!task) return fail(message.message_id, to_string(task.error()));
    enqueue(std::move(*task));
}

// A bucket of job_.rate that is full again after rate_interval.
bool Runner::within_rate(SteadyTime now) {
    if (job_.rate == 0) return true;
    const std::chrono::nanoseconds one = std::chrono::nanoseconds(job_.rate_interval) / job_.rate;
    rate_spent_ = std::max(rate_spent_, now);
    if (rate_spent_ + one > now + job_.rate_interval) return false;
    rate_spent_ += one;
    return true;
}

Result<Runner::Task> Runner::make_task(const EventMessage& message) const {
    Task task{message.event, message.message_id, base_environment(job_, message)};
    for (const auto& [name, expression] : job_.environment) {
        auto value = expression->text(message);
        if (!value) {
            value.error().source = "environment." + name;
            return std::move(value).error();
        }
        task.environment.push_back(name + "=" + *value);
    }
    return task;
}

void Runner::enqueue(Task task) {
    waiting_.push_back(std::move(task));
    pump();
    while (waiting_.size() > job_.queue) {
        waiting_.pop_front();
        drop(dropped_by_queue_, "queue");
    }
}

void Runner::drop(std::uint64_t& counter, const std::string& why) {
    ++counter;
    warn("dropped an event: it is beyond " + why + "; " + std::to_string(counter) + " so far");
}

void Runner::pump() {
    const SteadyTime now = context_.clock().steady();
    while (!stopping_ && children_.size() < job_.concurrency && places_.taken < places_.limit) {
        const auto due = std::find_if(waiting_.begin(), waiting_.end(),
                                      [&](const Task& task) { return task.not_before <= now; });
        if (due == waiting_.end()) return;
        Task task = std::move(*due);
        waiting_.erase(due);
        start(std::move(task));
    }
}

void Runner::start(Task task) {
    auto launched = launch(job_, task.event->bytes, task.environment);
    if (!launched) {
        fail(task.id, launched.error().message);
        return retry(std::move(task));
    }
    ++started_;
    ++places_.taken;
    const pid_t process = launched->process;
    Child::Listener listener{
        [this, process](Stream stream, const std::string& line) { said(process, stream, line); },
        [this, process, task = std::move(task)](const Ending& ending) { ended(process, task, ending); }};
    children_[process] = std::make_unique<Child>(context_, job_, std::move(*launched), std::move(listener));
}

void Runner::said(pid_t process, Stream stream, const std::string& line) {
    const auto more = lines_.admit(context_.clock().steady());
    if (!more) return;
    const std::string text = job_.name + "[" + std::to_string(process) + "]: " + line + *more;
    stream == Stream::output ? context_.log_info(text) : context_.log_warning(text);
}

void Runner::ended(pid_t process, Task task, const Ending& ending) {
    children_.erase(process);
    --places_.taken;
    if (ending.well) {
        ++succeeded_;
    } else {
        if (ending.timed_out) ++timed_out_;
        fail(task.id, stopping_ ? "the agent's stop ended it" : "it " + ending.words);
        retry(std::move(task));
    }
    freed_();
}

void Runner::fail(const std::string& event, const std::string& why) {
    ++failed_;
    last_failure_ = std::make_unique<Failure>(Failure{event, one_line(why, 1000), context_.clock().wall()});
    warn("failed for the event " + event + ": " + last_failure_->why);
}

void Runner::retry(Task task) {
    if (stopping_ || task.tries >= job_.retries) return;
    ++retried_;
    milliseconds delay = job_.retry_delay;
    for (std::uint64_t i = 0; i < task.tries && delay < kLongestDelay; ++i) delay *= 2;
    ++task.tries;
    task.not_before = context_.clock().steady() + std::min(delay, kLongestDelay);
    enqueue(std::move(task));
}

void Runner::warn(const std::string& text) {
    if (const auto more = warnings_.admit(context_.clock().steady()))
        context_.log_warning(job_.name + " " + text + *more);
}

void Runner::look_at_time() {
    for (const auto& [process, child] : children_) child->look_at_time(context_.clock().steady());
    pump();
}

nlohmann::json Runner::state() const {
    nlohmann::json found{{"matched", matched_},
                         {"started", started_},
                         {"running", children_.size()},
                         {"waiting", waiting_.size()},
                         {"succeeded", succeeded_},
                         {"failed", failed_},
                         {"timedOut", timed_out_},
                         {"retried", retried_},
                         {"dropped", {{"rate", dropped_by_rate_}, {"queue", dropped_by_queue_}}},
                         {"lastFailure", nullptr}};
    if (last_failure_)
        found["lastFailure"] = {
            {"event", last_failure_->event},
            {"why", last_failure_->why},
            {"time", static_cast<double>(last_failure_->time.time_since_epoch().count()) / 1000}};
    return found;
}

void Runner::begin_stop() {
    stopping_ = true;
    if (!waiting_.empty())
        context_.log_warning(job_.name + " is stopped: " + std::to_string(waiting_.size()) +
                             " events that waited are lost");
    waiting_.clear();
    for (const auto& [process, child] : children_) child->send(SIGTERM);
}

bool Runner::stopped(milliseconds waited) {
    std::vector<Child*> running;
    for (const auto& [process, child] : children_) running.push_back(child.get());
    for (Child* child : running) {
        if (waited >= job_.kill_after) child->send(SIGKILL);
        child->look();
    }
    return children_.empty();
}

}  // namespace clacks::exec
