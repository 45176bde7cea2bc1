#include "agent/modules/exec/child.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "common/base/quantity.hpp"
#include "common/base/text.hpp"

namespace clacks::exec {

namespace {

constexpr std::size_t kLongestLine = 1000;
constexpr std::size_t kReadAtOnce = 16 * 1024;
constexpr int kPatience = 1000;  // milliseconds
constexpr int kLastReads = 64;   // 1 MiB of what is in the pipe at the end

}  // namespace

Child::Child(ModuleContext& context, const Job& job, Launched launched, Listener listener)
    : context_(context),
      job_(job),
      launched_(std::move(launched)),
      listener_(std::move(listener)),
      output_{&launched_.output, {}},
      errors_{&launched_.errors, {}},
      deadline_(context.clock().steady() + job.time_out) {
    watch(output_, Stream::output);
    watch(errors_, Stream::errors);
    context_.watch(launched_.handle.get(), Ready::read, [this] { on_exit(); });
}

Child::~Child() {
    close(output_);
    close(errors_);
    context_.unwatch(launched_.handle.get());
    if (!reaped_) reap();
}

void Child::watch(Pipe& pipe, Stream stream) {
    context_.watch(pipe.descriptor->get(), Ready::read, [this, &pipe, stream] { read(pipe, stream); });
}

void Child::close(Pipe& pipe) {
    if (!*pipe.descriptor) return;
    context_.unwatch(pipe.descriptor->get());
    *pipe.descriptor = Descriptor();
}

void Child::read(Pipe& pipe, Stream stream) {
    std::array<char, kReadAtOnce> buffer;
    const ssize_t length = ::read(pipe.descriptor->get(), buffer.data(), buffer.size());
    if (length > 0) return take(pipe, stream, {buffer.data(), static_cast<std::size_t>(length)});
    if (length < 0 && (errno == EAGAIN || errno == EINTR)) return;
    end_line(pipe, stream);
    close(pipe);
}

void Child::take(Pipe& pipe, Stream stream, std::string_view bytes) {
    while (!bytes.empty()) {
        const std::size_t end = std::min(bytes.find('\n'), bytes.size());
        const std::size_t room = kLongestLine - std::min(pipe.line.size(), kLongestLine);
        pipe.cut = pipe.cut || end > room;
        pipe.line.append(bytes.substr(0, std::min(end, room)));
        if (end == bytes.size()) return;
        end_line(pipe, stream);
        bytes.remove_prefix(end + 1);
    }
}

void Child::end_line(Pipe& pipe, Stream stream) {
    std::string line = one_line(std::exchange(pipe.line, {}), 2 * kLongestLine);
    if (std::exchange(pipe.cut, false)) line += "…";
    if (line.empty()) return;
    listener_.said(stream, line);
    if (stream == Stream::errors) last_error_ = std::move(line);
}

void Child::drain(Pipe& pipe, Stream stream) {
    const auto more = [&pipe] {
        pollfd ready{pipe.descriptor->get(), POLLIN, 0};
        return ready.fd >= 0 && ::poll(&ready, 1, 0) > 0;
    };
    for (int reads = 0; reads < kLastReads && more(); ++reads) read(pipe, stream);
    if (*pipe.descriptor) end_line(pipe, stream);
    close(pipe);
}

void Child::send(int signal) const {
    ::kill(-launched_.process, signal);
}

void Child::look_at_time(SteadyTime now) {
    if (now < deadline_) return;
    send(timed_out_ ? SIGKILL : SIGTERM);
    timed_out_ = true;
    deadline_ = now + job_.kill_after;
}

void Child::look() {
    for (auto& [pipe, stream] : {std::pair(&output_, Stream::output), std::pair(&errors_, Stream::errors)})
        if (*pipe->descriptor) read(*pipe, stream);
    pollfd ready{launched_.handle.get(), POLLIN, 0};
    if (::poll(&ready, 1, 0) > 0) on_exit();
}

// The group before its leader is reaped: until then its number belongs to nobody else. Nobody waits for a
// process that the kernel holds.
int Child::reap() {
    send(SIGKILL);
    int status = 0;
    pollfd gone{launched_.handle.get(), POLLIN, 0};
    if (::poll(&gone, 1, kPatience) > 0) ::waitpid(launched_.process, &status, WNOHANG);
    reaped_ = true;
    return status;
}

void Child::on_exit() {
    const int status = reap();
    drain(output_, Stream::output);
    drain(errors_, Stream::errors);
    context_.unwatch(launched_.handle.get());
    const auto ended = std::move(listener_.ended);  // as the child goes with it
    ended(ending(status));
}

Ending Child::ending(int status) const {
    Ending found;
    found.timed_out = timed_out_;
    found.well = !timed_out_ && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (timed_out_)
        found.words = "had not ended after " + duration_text(job_.time_out) + ", and was ended";
    else if (WIFEXITED(status))
        found.words = "exited with status " + std::to_string(WEXITSTATUS(status));
    else
        found.words = std::string("was ended by SIG") + ::sigabbrev_np(WTERMSIG(status));
    if (!last_error_.empty()) found.words += "; its last error: " + last_error_;
    return found;
}

}  // namespace clacks::exec
