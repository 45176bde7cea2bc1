#include "tests/qt3/workers.hpp"

#include <poll.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstring>
#include <stdexcept>

namespace clacks::qt3 {

namespace {

using Clock = std::chrono::steady_clock;
// A case is given processor time, as other programs may keep it waiting; one that waits itself for this many
// times as long hangs.
constexpr int kHangs = 10;
constexpr std::size_t kStack = std::size_t{1} << 30;
constexpr std::size_t kBatch = 50;  // cases that a child takes at a time

// What a child says of one case, before the reason.
struct Header {
    double seconds;
    std::uint32_t size;
};

std::chrono::nanoseconds processor_time(clockid_t clock) {
    timespec time{};
    if (clock_gettime(clock, &time) != 0) return {};
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

std::chrono::nanoseconds processor_time_of(pid_t process) {
    clockid_t clock{};
    return clock_getcpuclockid(process, &clock) == 0 ? processor_time(clock) : std::chrono::nanoseconds{};
}

struct Job {
    const std::function<std::string(std::size_t)>* run;
    std::size_t from, to;
    int out;
};

void write_all(int out, const void* data, std::size_t size) {
    const char* at = static_cast<const char*>(data);
    while (size > 0) {
        const ssize_t n = write(out, at, size);
        if (n <= 0) _exit(3);
        at += n;
        size -= static_cast<std::size_t>(n);
    }
}

void* work(void* given) {
    const Job& job = *static_cast<Job*>(given);
    for (std::size_t i = job.from; i < job.to; ++i) {
        const auto begin = processor_time(CLOCK_PROCESS_CPUTIME_ID);
        const std::string why = (*job.run)(i);
        const std::chrono::duration<double> took = processor_time(CLOCK_PROCESS_CPUTIME_ID) - begin;
        const Header header{took.count(), static_cast<std::uint32_t>(why.size())};
        write_all(job.out, &header, sizeof header);
        write_all(job.out, why.data(), why.size());
    }
    return nullptr;
}

[[noreturn]] void child(Job job) {
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, kStack);
    pthread_t thread;
    if (pthread_create(&thread, &attributes, work, &job) != 0) _exit(4);
    pthread_join(thread, nullptr);
    _exit(0);
}

struct Worker {
    pid_t pid = -1;
    int in = -1;
    std::size_t next = 0, end = 0;
    std::string buffer;
    Clock::time_point since;          // the present case runs
    std::chrono::nanoseconds used{};  // processor time before it
};

class Pool {
  public:
    Pool(std::size_t count, const std::function<std::string(std::size_t)>& run, const WorkOptions& options)
        : results_(count), run_(run), options_(options), workers_(options.processes) {}

    std::vector<CaseResult> all() {
        for (;;) {
            for (Worker& worker : workers_) {
                if (worker.pid < 0) start(worker);
            }
            if (!wait()) return std::move(results_);
        }
    }

  private:
    void start(Worker& worker) {
        if (worker.next >= worker.end) {
            worker.next = taken_;
            worker.end = taken_ = std::min(taken_ + kBatch, results_.size());
        }
        if (worker.next >= worker.end) return;
        int ends[2];
        if (pipe(ends) != 0) throw std::runtime_error("pipe: " + std::string(std::strerror(errno)));
        const pid_t pid = fork();
        if (pid < 0) throw std::runtime_error("fork: " + std::string(std::strerror(errno)));
        if (pid == 0) {
            close(ends[0]);
            child({&run_, worker.next, worker.end, ends[1]});
        }
        close(ends[1]);
        worker.pid = pid;
        worker.in = ends[0];
        worker.buffer.clear();
        begin_case(worker);
    }

    // Takes what the children say; false when none is left.
    bool wait() {
        std::vector<pollfd> files;
        std::vector<Worker*> running;
        for (Worker& worker : workers_) {
            if (worker.pid < 0) continue;
            files.push_back({worker.in, POLLIN, 0});
            running.push_back(&worker);
        }
        if (files.empty()) return false;
        poll(files.data(), files.size(), 500);
        for (std::size_t i = 0; i < files.size(); ++i) {
            if ((files[i].revents & (POLLIN | POLLHUP)) != 0)
                read_from(*running[i]);
            else if (too_long(*running[i]))
                finish(*running[i], "took more than " + std::to_string(options_.seconds) + " s");
        }
        return true;
    }

    bool too_long(const Worker& worker) const {
        const std::chrono::seconds most(options_.seconds);
        return processor_time_of(worker.pid) - worker.used > most ||
               Clock::now() - worker.since > kHangs * most;
    }

    // The case before has ended.
    static void begin_case(Worker& worker) {
        worker.since = Clock::now();
        worker.used = processor_time_of(worker.pid);
    }

    void read_from(Worker& worker) {
        char bytes[65536];
        const ssize_t n = read(worker.in, bytes, sizeof bytes);
        if (n <= 0) {
            finish(worker, worker.next < worker.end ? "crashed" : "");
            return;
        }
        worker.buffer.append(bytes, static_cast<std::size_t>(n));
        for (;;) {
            Header header;
            if (worker.buffer.size() < sizeof header) return;
            std::memcpy(&header, worker.buffer.data(), sizeof header);
            const std::size_t end = sizeof header + header.size;
            if (worker.buffer.size() < end) return;
            results_[worker.next++] = {worker.buffer.substr(sizeof header, header.size), header.seconds};
            worker.buffer.erase(0, end);
            begin_case(worker);
        }
    }

    void finish(Worker& worker, const std::string& why) {
        const std::chrono::duration<double> took = processor_time_of(worker.pid) - worker.used;
        if (!why.empty()) kill(worker.pid, SIGKILL);
        int status = 0;
        waitpid(worker.pid, &status, 0);
        close(worker.in);
        worker.pid = -1;
        if (why.empty()) return;
        const bool signalled = WIFSIGNALED(status) && why == "crashed";
        CaseResult& result = results_[worker.next++];
        result.why = signalled ? why + " by signal " + std::to_string(WTERMSIG(status)) : why;
        result.seconds = took.count();
    }

    std::vector<CaseResult> results_;
    const std::function<std::string(std::size_t)>& run_;
    WorkOptions options_;
    std::vector<Worker> workers_;
    std::size_t taken_ = 0;
};

}  // namespace

std::vector<CaseResult> run_all(std::size_t count, const std::function<std::string(std::size_t)>& run,
                                const WorkOptions& options) {
    return Pool(count, run, options).all();
}

}  // namespace clacks::qt3
