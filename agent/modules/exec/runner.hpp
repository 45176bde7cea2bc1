// One job at work: its events wait, are started as far as its bounds allow, and are counted.
//
// On the module's thread only.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "agent/api/module.hpp"
#include "agent/modules/exec/child.hpp"
#include "agent/modules/exec/job.hpp"
#include "common/base/line_limit.hpp"

namespace clacks::exec {

// Children of all jobs.
struct Places {
    std::uint64_t limit = 0, taken = 0;
};

class Runner {
  public:
    // Context and places must outlive it. `freed` is called when a place is free again.
    Runner(ModuleContext& context, Job job, Places& places, std::function<void()> freed);

    const Job& job() const { return job_; }
    void take(const EventMessage& message);
    // Starts what may be started.
    void pump();
    void look_at_time();
    // Whether there is anything that time could change.
    bool busy() const { return !children_.empty() || !waiting_.empty(); }
    // Counters, and the last failure.
    nlohmann::json state() const;

    // A stop: nothing is started any more, and all that runs is told to end.
    void begin_stop();
    // Looks for those that have ended; whether all have. Those that outlast the job's grace are killed.
    bool stopped(std::chrono::milliseconds waited);
    // The last step: what has not ended even so is left to the system.
    void end_stop() { children_.clear(); }

  private:
    struct Task {
        events::EventPtr event;
        std::string id;
        std::vector<std::string> environment;
        std::uint64_t tries = 0;
        SteadyTime not_before{};
    };
    bool within_rate(SteadyTime now);
    Result<Task> make_task(const EventMessage& message) const;
    void enqueue(Task task);
    void drop(std::uint64_t& counter, const std::string& why);
    void start(Task task);
    void said(pid_t process, Stream stream, const std::string& line);
    void ended(pid_t process, Task task, const Ending& ending);
    void fail(const std::string& event, const std::string& why);
    void retry(Task task);
    void warn(const std::string& text);

    ModuleContext& context_;
    const Job job_;
    Places& places_;
    std::function<void()> freed_;
    std::deque<Task> waiting_;
    std::map<pid_t, std::unique_ptr<Child>> children_;
    SteadyTime rate_spent_{};  // when all of the rate is to be had again
    bool stopping_ = false;

    std::uint64_t matched_ = 0, started_ = 0, succeeded_ = 0, failed_ = 0, timed_out_ = 0, retried_ = 0;
    std::uint64_t dropped_by_queue_ = 0, dropped_by_rate_ = 0;
    struct Failure {
        std::string event, why;
        WallTime time;
    };
    std::unique_ptr<Failure> last_failure_;
    LineLimit lines_, warnings_;
};

}  // namespace clacks::exec
