#include "common/log/sinks.hpp"

#include <sys/uio.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace clacks::log {

namespace {

constexpr const char* kJournalSocket = "/run/systemd/journal/socket";

// Of syslog(3), which the journal keeps as PRIORITY.
int priority(spdlog::level::level_enum level) {
    switch (level) {
        case spdlog::level::trace:
        case spdlog::level::debug:
            return 7;
        case spdlog::level::info:
            return 6;
        case spdlog::level::warn:
            return 4;
        default:
            return 3;
    }
}

const char* colour(spdlog::level::level_enum level) {
    if (level >= spdlog::level::err) return "\033[1;31m";
    if (level == spdlog::level::warn) return "\033[1;33m";
    return "\033[32m";
}

// How many bytes were written before an error, which is 0 where there was none.
std::size_t write_all(int file, std::string_view text, int& error) {
    std::size_t done = 0;
    error = 0;
    while (done < text.size()) {
        const ssize_t written = ::write(file, text.data() + done, text.size() - done);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) {
            error = errno;
            break;
        }
        done += static_cast<std::size_t>(written);
    }
    return done;
}

}  // namespace

const Fields*& fields_of_line() {
    thread_local const Fields* fields = nullptr;
    return fields;
}

std::string Sink::failure() const {
    const std::lock_guard lock(failure_mutex_);
    if (lost_ == 0) return "";
    return "the log cannot be written to " + place() + ": " + std::strerror(reason_) + ", " +
           std::to_string(lost_) + (lost_ == 1 ? " line is" : " lines are") + " lost; " + remedy();
}

void Sink::sink_it_(const spdlog::details::log_msg& message) {
    const std::string before = failure();
    if (!before.empty()) {
        const std::string text = before.substr(0, before.find(';')) + "; it can be written again";
        spdlog::details::log_msg told(message.time, {}, message.logger_name, spdlog::level::err, text);
        static constexpr Fields kFields{"log-lost", {}, {}};
        const Fields* of_line = std::exchange(fields_of_line(), &kFields);
        const int error = put(told);
        fields_of_line() = of_line;
        const std::lock_guard lock(failure_mutex_);
        if (error == 0) lost_ = 0;
    }
    const int error = put(message);
    if (error == 0) return;
    const std::lock_guard lock(failure_mutex_);
    ++lost_;
    reason_ = error;
}

ConsoleSink::ConsoleSink() : coloured_(::isatty(STDERR_FILENO) == 1) {
    set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %^%l%$ %v");
}

int ConsoleSink::put(const spdlog::details::log_msg& message) {
    spdlog::memory_buf_t formatted;
    formatter_->format(message, formatted);
    std::string line(within_line_ ? "\n" : "");
    const std::size_t begin = message.color_range_start, end = message.color_range_end;
    if (coloured_ && begin < end && end <= formatted.size()) {
        line.append(formatted.data(), begin).append(colour(message.level));
        line.append(formatted.data() + begin, end - begin).append("\033[m");
        line.append(formatted.data() + end, formatted.size() - end);
    } else {
        line.append(formatted.data(), formatted.size());
    }
    int error = 0;
    const std::size_t done = write_all(STDERR_FILENO, line, error);
    if (done > 0) within_line_ = line[done - 1] != '\n';
    return error;
}

std::string ConsoleSink::place() const {
    std::array<char, PATH_MAX> path{};
    const ssize_t size = ::readlink("/proc/self/fd/2", path.data(), path.size());
    if (size <= 0 || path[0] != '/') return "standard error";
    return std::string(path.data(), static_cast<std::size_t>(size));
}

bool JournalSink::available() {
    return ::access(kJournalSocket, W_OK) == 0;
}

int JournalSink::put(const spdlog::details::log_msg& message) {
    static constexpr Fields kNone;
    const Fields& fields = fields_of_line() ? *fields_of_line() : kNone;
    std::vector<std::string> texts{"MESSAGE=" + std::string(message.payload.data(), message.payload.size()),
                                   "PRIORITY=" + std::to_string(priority(message.level)),
                                   "SYSLOG_IDENTIFIER=clacks-agent"};
    const auto add = [&](const char* name, std::string_view value) {
        if (!value.empty()) texts.push_back(std::string(name) + "=" + std::string(value));
    };
    add("CLACKS_NODE", node_);
    add("CLACKS_CODE", fields.code);
    add("CLACKS_PART", fields.part);
    add("CLACKS_SOURCE", fields.source);
    if (fields.line != 0) add("CLACKS_LINE", std::to_string(fields.line));
    if (fields.column != 0) add("CLACKS_COLUMN", std::to_string(fields.column));
    std::vector<iovec> parts;
    parts.reserve(texts.size());
    for (std::string& text : texts) parts.push_back({text.data(), text.size()});
    // sd_journal_sendv takes a journal that is gone for success.
    if (!available()) return ENOENT;
    return -sd_journal_sendv(parts.data(), static_cast<int>(parts.size()));
}

}  // namespace clacks::log
