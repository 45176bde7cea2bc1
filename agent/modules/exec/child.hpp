// One run of a program, from its start until it and its process group are gone.
//
// On the module's thread only. Ends everything that still runs when it is destroyed.
#pragma once

#include <array>
#include <functional>
#include <string>
#include <string_view>

#include "agent/api/module.hpp"
#include "agent/modules/exec/job.hpp"
#include "agent/modules/exec/launch.hpp"

namespace clacks::exec {

enum class Stream { output, errors };

struct Ending {
    bool well = false;  // status 0, by itself
    bool timed_out = false;
    std::string words;  // "exited with status 3: the last line of standard error"
};

class Child {
  public:
    struct Listener {
        std::function<void(Stream, const std::string& line)> said;
        std::function<void(const Ending&)> ended;  // once; may destroy the child
    };
    // Context and job must outlive it.
    Child(ModuleContext& context, const Job& job, Launched launched, Listener listener);
    ~Child();
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    pid_t process() const { return launched_.process; }
    // SIGTERM after the job's time, SIGKILL after its grace.
    void look_at_time(SteadyTime now);
    // For a stop, when nothing is watched any more: SIGTERM, or SIGKILL, to all of its group.
    void send(int signal) const;
    // For a stop: reads what it says, and tells its end if it has come.
    void look();

  private:
    struct Pipe {
        Descriptor* descriptor;
        std::string line;  // begun
        bool cut = false;  // what is left of it is not taken
    };
    void watch(Pipe& pipe, Stream stream);
    void close(Pipe& pipe);
    void read(Pipe& pipe, Stream stream);
    void take(Pipe& pipe, Stream stream, std::string_view bytes);
    void end_line(Pipe& pipe, Stream stream);
    void drain(Pipe& pipe, Stream stream);
    void on_exit();
    int reap();
    Ending ending(int status) const;

    ModuleContext& context_;
    const Job& job_;
    Launched launched_;
    Listener listener_;
    Pipe output_, errors_;
    std::string last_error_;
    SteadyTime deadline_;
    bool timed_out_ = false, reaped_ = false;
};

}  // namespace clacks::exec
