#include "agent/modules/exec/launch.hpp"

#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace clacks::exec {

namespace {

enum class Step : int { input, pipes, fork, descriptors, session, limits, user, program, handle };

constexpr const char* kSteps[] = {"its standard input cannot be made",
                                  "its pipes cannot be made",
                                  "no process can be made",
                                  "its descriptors cannot be set",
                                  "it cannot have a session",
                                  "its limits cannot be set",
                                  "its user cannot be set",
                                  "the program cannot be executed",
                                  "it cannot be watched"};

struct Failure {
    Step step;
    int error;
};

Diagnostic problem(Failure failure) {
    Diagnostic found;
    found.code = "exec-start";
    found.message = std::string(kSteps[static_cast<int>(failure.step)]) + ": " + std::strerror(failure.error);
    return found;
}

struct Pipe {
    Descriptor read, write;
};

// Above 2, so that giving the child its first three overwrites none.
Descriptor out_of_the_way(int number) {
    Descriptor given(number);
    if (number < 0 || number > 2) return given;
    return Descriptor(::fcntl(number, F_DUPFD_CLOEXEC, 3));
}

Pipe make_pipe() {
    std::array<int, 2> ends{-1, -1};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return Pipe();
    return {out_of_the_way(ends[0]), out_of_the_way(ends[1])};
}

// A memory file, so that a program that does not read keeps nobody waiting.
Descriptor make_input(const std::string& bytes) {
    Descriptor file = out_of_the_way(::memfd_create("event", MFD_CLOEXEC));
    std::size_t done = 0;
    while (file && done < bytes.size()) {
        const ssize_t written =
            ::pwrite(file.get(), bytes.data() + done, bytes.size() - done, static_cast<off_t>(done));
        if (written <= 0) return Descriptor();
        done += static_cast<std::size_t>(written);
    }
    return file;
}

std::vector<char*> pointers(const std::vector<std::string>& words) {
    std::vector<char*> found;
    found.reserve(words.size() + 1);
    for (const std::string& word : words) found.push_back(const_cast<char*>(word.c_str()));
    found.push_back(nullptr);
    return found;
}

// What the child needs, made before it is there: the agent has threads, so the child of fork may call only
// what is safe in a signal handler.
struct Plan {
    const Job& job;
    std::vector<char*> arguments, environment;
    int input, output, errors, report;

    [[noreturn]] void run() const {
        const Failure failure{failed_step(), errno};
        (void)!::write(report, &failure, sizeof failure);
        ::_exit(127);
    }

  private:
    Step failed_step() const {
        if (::setsid() < 0) return Step::session;
        restore_signals();
        if (::dup2(input, 0) < 0 || ::dup2(output, 1) < 0 || ::dup2(errors, 2) < 0 || ::chdir("/") != 0 ||
            ::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) != 0)
            return Step::descriptors;
        if (!set_limits()) return Step::limits;
        if (!set_user()) return Step::user;
        ::execve(arguments.front(), arguments.data(), environment.data());
        return Step::program;
    }

    // What the agent ignores or blocks, the program would ignore or block, too.
    static void restore_signals() {
        for (int number = 1; number < NSIG; ++number) ::signal(number, SIG_DFL);
        sigset_t none;
        ::sigemptyset(&none);
        ::sigprocmask(SIG_SETMASK, &none, nullptr);
    }

    // Never beyond what the agent itself has.
    bool set_limits() const {
        return std::all_of(job.limits.begin(), job.limits.end(), [](const ResourceLimit& limit) {
            rlimit now{};
            if (::getrlimit(limit.resource, &now) != 0) return false;
            const rlim_t value = std::min(limit.value, now.rlim_max);
            const rlimit wanted{value, value};
            return ::setrlimit(limit.resource, &wanted) == 0;
        });
    }

    // The agent's ambient capabilities are not for programs.
    bool set_user() const {
        if (::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0 && errno != EINVAL) return false;
        const Account& account = job.account;
        return !account.change || (::setgroups(account.groups.size(), account.groups.data()) == 0 &&
                                   ::setresgid(account.group, account.group, account.group) == 0 &&
                                   ::setresuid(account.user, account.user, account.user) == 0);
    }
};

}  // namespace

Descriptor::~Descriptor() {
    if (number_ >= 0) ::close(number_);
}

Result<Launched> launch(const Job& job, const std::string& input,
                        const std::vector<std::string>& environment) {
    const Descriptor event = make_input(input);
    if (!event) return problem({Step::input, errno});
    Pipe output = make_pipe(), errors = make_pipe(), report = make_pipe();
    if (!output.write || !errors.write || !report.write ||
        ::fcntl(output.read.get(), F_SETFL, O_NONBLOCK) != 0 ||
        ::fcntl(errors.read.get(), F_SETFL, O_NONBLOCK) != 0)
        return problem({Step::pipes, errno});
    const Plan plan{job,
                    pointers(job.command),
                    pointers(environment),
                    event.get(),
                    output.write.get(),
                    errors.write.get(),
                    report.write.get()};
    const pid_t process = ::fork();
    if (process < 0) return problem({Step::fork, errno});
    if (process == 0) plan.run();
    report.write = Descriptor();
    Descriptor handle(static_cast<int>(::syscall(SYS_pidfd_open, process, 0)));
    Failure failure{Step::handle, errno};
    // Nothing to read: the program runs, and has closed its end.
    const bool failed = ::read(report.read.get(), &failure, sizeof failure) > 0;
    if (!failed && handle)
        return Launched{process, std::move(handle), std::move(output.read), std::move(errors.read)};
    ::kill(process, SIGKILL);
    ::waitpid(process, nullptr, 0);
    return problem(failure);
}

}  // namespace clacks::exec
