#include "agent/modules/module_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "common/base/clock.hpp"

namespace clacks {

namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr std::size_t kReadAtOnce = 64UL * 1024;
// What one that floods may have sent ahead while nobody reads its frames: two of the longest.
constexpr std::size_t kMostHeld = 4 * wire::kLongest;
constexpr milliseconds kKilled{5000};  // a killed process is gone by then, unless the kernel holds it

Diagnostic problem(std::string code, std::string message) {
    Diagnostic found;
    found.code = std::move(code);
    found.message = std::move(message);
    return found;
}

Diagnostic failed(const std::string& what, int error) {
    return problem("module-process", what + ": " + std::strerror(error));
}

// Default signals, none blocked, a group of its own, and no descriptor but its own end of the socket.
int spawn(const fs::path& program, const fs::path& module, int socket, pid_t& process) {
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t files;
    ::posix_spawnattr_init(&attributes);
    ::posix_spawn_file_actions_init(&files);
    sigset_t all, none;
    ::sigfillset(&all);
    ::sigemptyset(&none);
    ::posix_spawnattr_setsigdefault(&attributes, &all);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setpgroup(&attributes, 0);
    ::posix_spawnattr_setflags(&attributes,
                               POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
    ::posix_spawn_file_actions_adddup2(&files, socket, wire::kDescriptor);
    ::posix_spawn_file_actions_addclosefrom_np(&files, wire::kDescriptor + 1);
    std::string name = program.string(), file = module.string();
    const std::array<char*, 3> arguments{name.data(), file.data(), nullptr};
    const int error = ::posix_spawn(&process, name.c_str(), &files, &attributes, arguments.data(), environ);
    ::posix_spawn_file_actions_destroy(&files);
    ::posix_spawnattr_destroy(&attributes);
    return error;
}

std::string words(int status) {
    if (WIFEXITED(status)) return "exited with status " + std::to_string(WEXITSTATUS(status));
    return std::string("was ended by SIG") + ::sigabbrev_np(WTERMSIG(status));
}

bool wait_for(int descriptor, short events, milliseconds patience) {
    pollfd ready{descriptor, events, 0};
    return ::poll(&ready, 1, static_cast<int>(patience.count())) > 0;
}

}  // namespace

fs::path module_host_program() {
    std::error_code error;
    const fs::path here = fs::read_symlink("/proc/self/exe", error).parent_path();
    for (const fs::path& folder : {here / CLACKS_LIBEXEC_FROM_BIN, here, here.parent_path() / "bin"})
        if (fs::path program = folder / "clacks-module-host"; fs::exists(program, error))
            return program.lexically_normal();
    return (here / CLACKS_LIBEXEC_FROM_BIN / "clacks-module-host").lexically_normal();
}

Result<std::unique_ptr<ModuleProcess>> ModuleProcess::start(const fs::path& program, const fs::path& module) {
    std::array<int, 2> ends{-1, -1};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
        return failed("no socket can be made", errno);
    pid_t process = 0;
    const int error = spawn(program, module, ends[1], process);
    ::close(ends[1]);
    if (error != 0) {
        ::close(ends[0]);
        return failed(program.string() + " cannot be started", error);
    }
    const int handle = static_cast<int>(::syscall(SYS_pidfd_open, process, 0));
    const int reason = errno;
    std::unique_ptr<ModuleProcess> made(new ModuleProcess(process, handle, ends[0]));
    if (handle < 0) return failed("its process cannot be watched", reason);
    return made;
}

ModuleProcess::~ModuleProcess() {
    if (!ended_) end(milliseconds(0));
    if (handle_ >= 0) ::close(handle_);
    ::close(socket_);
}

// False when there is nothing now.
Result<bool> ModuleProcess::read_some() {
    std::array<char, kReadAtOnce> buffer;
    const ssize_t length = ::recv(socket_, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (length > 0) {
        reader_.feed({buffer.data(), static_cast<std::size_t>(length)});
        if (reader_.held() > kMostHeld) return problem("frame", "it sends more than anybody can read");
        return true;
    }
    if (length < 0 && (errno == EAGAIN || errno == EINTR)) return false;
    return problem("module-gone", "it has closed its socket");
}

Result<void> ModuleProcess::send(const wire::Frame& frame, milliseconds patience) {
    auto encoded = wire::encode(frame);
    if (!encoded) return std::move(encoded).error();
    std::string_view left = *encoded;
    while (!left.empty()) {
        const ssize_t sent = ::send(socket_, left.data(), left.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent > 0) {
            left.remove_prefix(static_cast<std::size_t>(sent));
            continue;
        }
        if (sent < 0 && errno != EAGAIN && errno != EINTR)
            return problem("module-gone", "it has closed its socket");
        if (!wait_for(socket_, POLLIN | POLLOUT, patience))
            return problem("module-hangs", "it reads nothing");
        if (auto read = read_some(); !read) return std::move(read).error();
    }
    return {};
}

Result<std::optional<wire::Frame>> ModuleProcess::receive(milliseconds patience) {
    const SteadyTime end = system_clock().steady() + patience;
    while (true) {
        auto frame = reader_.next();
        if (!frame || *frame) return frame;
        auto read = read_some();
        if (!read) return std::move(read).error();
        if (*read) continue;
        const auto left = std::chrono::ceil<milliseconds>(end - system_clock().steady());
        if (left.count() <= 0 || !wait_for(socket_, POLLIN, left)) return std::optional<wire::Frame>();
    }
}

std::string ModuleProcess::end(milliseconds patience) {
    ended_ = true;
    const bool by_itself = handle_ >= 0 && wait_for(handle_, POLLIN, patience);
    // The group before its leader is reaped: until then its number belongs to nobody else.
    ::kill(-process_, SIGKILL);
    ::kill(process_, SIGKILL);
    int status = 0;
    if (handle_ >= 0 && !wait_for(handle_, POLLIN, kKilled)) return "was killed, and has not ended";
    if (::waitpid(process_, &status, 0) != process_) return "has ended";
    return by_itself ? words(status) : "was killed";
}

}  // namespace clacks
