#include "common/cli/terminal.hpp"

#include <poll.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <string>
#include <system_error>

#include "common/cli/output.hpp"

namespace clacks::cli {

namespace {

constexpr std::string_view kEnter = "\x1b[?1049h\x1b[?25l", kLeave = "\x1b[?25h\x1b[?1049l";
constexpr std::string_view kHome = "\x1b[H", kClearRest = "\x1b[J", kClearLine = "\x1b[K";

int take_signals() {
    sigset_t taken;
    sigemptyset(&taken);
    for (const int signal : {SIGINT, SIGTERM, SIGWINCH}) sigaddset(&taken, signal);
    pthread_sigmask(SIG_BLOCK, &taken, nullptr);
    const int descriptor = ::signalfd(-1, &taken, SFD_CLOEXEC);
    if (descriptor < 0) throw std::system_error(errno, std::generic_category(), "signalfd");
    return descriptor;
}

}  // namespace

Terminal::Terminal() : signals_(take_signals()), keys_(::tcgetattr(STDIN_FILENO, &before_) == 0) {
    termios keys = before_;
    keys.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);  // each key at once, and not shown
    if (keys_) ::tcsetattr(STDIN_FILENO, TCSANOW, &keys);
    print(kEnter);
}

Terminal::~Terminal() {
    print(kLeave);
    if (keys_) ::tcsetattr(STDIN_FILENO, TCSANOW, &before_);
    ::close(signals_);
}

ScreenSize Terminal::size() const {
    winsize size{};
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0)
        return {24, 80};
    return {size.ws_row, size.ws_col};
}

// In one write and without clearing first, so that nothing flickers.
bool Terminal::draw(std::string_view lines) const {
    std::string out(kHome);
    for (const char c : lines) {
        if (c == '\n') out += kClearLine;
        out += c;
    }
    out += kClearRest;
    return print(out);
}

Terminal::Wake Terminal::wait(std::chrono::milliseconds time) const {
    std::array<pollfd, 2> ready{{{signals_, POLLIN, 0}, {keys_ ? STDIN_FILENO : -1, POLLIN, 0}}};
    if (::poll(ready.data(), ready.size(), static_cast<int>(time.count())) <= 0) return Wake::time;
    if (ready[0].revents != 0) {
        signalfd_siginfo signal{};
        if (::read(signals_, &signal, sizeof signal) != sizeof signal) return Wake::quit;
        return signal.ssi_signo == SIGWINCH ? Wake::resized : Wake::quit;
    }
    char key = 0;
    const bool pressed = ::read(STDIN_FILENO, &key, 1) == 1;
    return !pressed || key == 'q' ? Wake::quit : Wake::resized;
}

}  // namespace clacks::cli
