#include "common/cli/input.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace clacks::cli {

namespace {

Diagnostic unreadable(const std::string& file, const std::string& why) {
    Diagnostic error;
    error.code = "file-unreadable";
    error.source = file == "-" ? "standard input" : file;
    error.message = "cannot be read: " + why;
    return error;
}

}  // namespace

Result<std::string> read_input(const std::string& file) {
    const int handle = file == "-" ? STDIN_FILENO : ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (handle < 0) return unreadable(file, std::strerror(errno));
    std::string text;
    std::array<char, 64 * 1024> part;
    ssize_t got = 0;
    while ((got = ::read(handle, part.data(), part.size())) != 0) {
        if (got < 0 && errno == EINTR) continue;
        if (got < 0 || text.size() > kMaxInput) break;
        text.append(part.data(), static_cast<std::size_t>(got));
    }
    const int reason = errno;
    if (handle != STDIN_FILENO) ::close(handle);
    if (got < 0) return unreadable(file, std::strerror(reason));
    if (got > 0) return unreadable(file, "it is longer than 64 MiB");
    return text;
}

}  // namespace clacks::cli
