// Runs programs for events: a section [module exec NAME] says which program for which.
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>
#include <vector>

#include "agent/api/module.hpp"
#include "agent/api/settings_reader.hpp"
#include "agent/modules/exec/job.hpp"
#include "agent/modules/exec/runner.hpp"

namespace clacks::exec {

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr milliseconds kTick = 100ms;
constexpr milliseconds kLastLook = 20ms;   // between two looks at those that are to end
constexpr milliseconds kLongestStop = 7s;  // kill-after, and time for the kernel

class ExecModule final : public Module {
  public:
    std::string_view name() const override { return "exec"; }

    std::vector<ModuleSetting> keys() const override {
        return {{"processes", "integer", "16", "Programs of all sections that run at one time."}};
    }
    std::vector<ModuleSetting> instance_keys() const override { return job_keys(); }

    Result<void, Diagnostics> configure(const ModuleSettings& settings) override {
        Diagnostics problems;
        SettingsReader read(settings.values, "[module exec]", problems);
        places_.limit = read.count("processes", 16, 1, 1000);
        jobs_.clear();
        for (const auto& [name, values] : settings.instances)
            jobs_.push_back(read_job(name, settings, problems));
        if (!problems.empty()) return problems;
        return {};
    }

    void start(ModuleContext& context) override {
        context_ = &context;
        for (Job& job : jobs_)
            runners_.push_back(
                std::make_unique<Runner>(context, std::move(job), places_, [this] { pump_all(); }));
        for (const auto& runner : runners_) {
            auto subscribed = context.subscribe(runner->job().filter,
                                                [this, own = runner.get()](const EventMessage& message) {
                                                    own->take(message);
                                                    keep_time();
                                                });
            if (!subscribed) throw std::runtime_error(to_string(subscribed.error()));
        }
        add_command();
    }

    // Waits, as a program that has been told to end must be reaped, but for no longer than kLongestStop.
    void stop() override {
        for (const auto& runner : runners_) runner->begin_stop();
        milliseconds waited{0};
        for (bool all = false; !all && waited < kLongestStop; waited += kLastLook) {
            all = true;
            for (const auto& runner : runners_) all = runner->stopped(waited) && all;
            if (!all) std::this_thread::sleep_for(kLastLook);
        }
        for (const auto& runner : runners_) runner->end_stop();
    }

  private:
    void add_command() {
        CommandSpec spec;
        spec.name = "getExecJobs";
        spec.documentation = "Tell what the programs of the module exec have done.";
        spec.result =
            "an object by the name of the section: matched, started, running, waiting, succeeded, failed, "
            "timedOut, retried, dropped, lastFailure";
        auto added = context_->command(std::move(spec), [this](const Call&) -> CommandResult {
            nlohmann::json jobs = nlohmann::json::object();
            for (const auto& runner : runners_) jobs[runner->job().name] = runner->state();
            return jobs;
        });
        if (!added) throw std::runtime_error(to_string(added.error()));
    }

    // The job that was first is last the next time, so that none keeps the others from a place.
    void pump_all() {
        if (runners_.empty()) return;
        next_ = (next_ + 1) % runners_.size();
        for (std::size_t i = 0; i < runners_.size(); ++i) runners_[(next_ + i) % runners_.size()]->pump();
    }

    // Looks at the clock as long as there is something that it could change.
    void keep_time() {
        if (ticking_) return;
        ticking_ = true;
        context_->timer(kTick, false, [this] {
            ticking_ = false;
            bool busy = false;
            for (const auto& runner : runners_) {
                runner->look_at_time();
                busy = busy || runner->busy();
            }
            if (busy) keep_time();
        });
    }

    ModuleContext* context_ = nullptr;
    std::vector<Job> jobs_;  // until they are started
    Places places_;
    std::vector<std::unique_ptr<Runner>> runners_;
    std::size_t next_ = 0;
    bool ticking_ = false;
};

}  // namespace

}  // namespace clacks::exec

CLACKS_MODULE(clacks::exec::ExecModule)
