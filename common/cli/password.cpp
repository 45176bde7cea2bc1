#include "common/cli/password.hpp"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <iostream>

#include "common/base/text.hpp"

namespace clacks::cli {

namespace {

constexpr std::size_t kLongest = 1024;

Diagnostic problem(std::string message, std::string hint) {
    Diagnostic error;
    error.code = "password";
    error.message = std::move(message);
    error.hint = std::move(hint);
    return error;
}

Result<std::string> checked(std::string password) {
    if (password.empty()) return problem("the password is empty", "nothing was changed; give one");
    if (password.size() > kLongest || password.find('\0') != std::string::npos)
        return problem("the password is longer than 1024 bytes, or has a null byte", "give another");
    return password;
}

// The terminal of this process, without echo for as long as it lives.
class Silence {
  public:
    Silence() : terminal_(::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)) {
        if (terminal_ < 0 || ::tcgetattr(terminal_, &settings_) != 0) return;
        termios quiet = settings_;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO | ISIG);
        // Ctrl-C ends the line as a part of it, in place of a program that leaves the terminal mute.
        quiet.c_cc[VEOL] = kInterrupt;
        good_ = ::tcsetattr(terminal_, TCSAFLUSH, &quiet) == 0;
    }
    ~Silence() {
        if (good_) ::tcsetattr(terminal_, TCSAFLUSH, &settings_);
        if (terminal_ >= 0) ::close(terminal_);
    }
    Silence(const Silence&) = delete;
    Silence& operator=(const Silence&) = delete;

    bool good() const { return good_; }
    Result<std::string> ask(const std::string& prompt) const {
        write(prompt);
        std::string line;
        char next = 0;
        while (line.size() <= kLongest && ::read(terminal_, &next, 1) == 1 && next != '\n') {
            if (next == kInterrupt) {
                write("\n");
                return problem("interrupted", "nothing was changed");
            }
            line += next;
        }
        write("\n");
        return line;
    }

  private:
    static constexpr char kInterrupt = '\x03';
    void write(const std::string& text) const {
        if (::write(terminal_, text.data(), text.size()) < 0) return;  // who cannot see it can still type
    }

    int terminal_;
    termios settings_{};
    bool good_ = false;
};

}  // namespace

Result<std::string> piped_password() {
    std::string line;
    std::getline(std::cin, line);
    if (line.ends_with('\r')) line.pop_back();
    return checked(std::move(line));
}

Result<std::string> typed_password(const std::string& user) {
    const Silence terminal;
    if (!terminal.good())
        return problem("there is no terminal to type the password at", "pipe it in, with --password-stdin");
    auto first = terminal.ask("Password of " + one_line(user, 80) + ": ");
    if (!first) return first;
    auto again = terminal.ask("The same again: ");
    if (!again) return again;
    if (*first != *again) return problem("the two passwords differ", "nothing was changed; try again");
    return checked(std::move(*first));
}

}  // namespace clacks::cli
