#include "common/log/log.hpp"

#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>

#include "common/base/text.hpp"
#include "common/log/sinks.hpp"

namespace clacks::log {

namespace {

constexpr std::size_t kLongestLine = 2000;

spdlog::level::level_enum native(Level level) {
    switch (level) {
        case Level::Debug:
            return spdlog::level::debug;
        case Level::Info:
            return spdlog::level::info;
        case Level::Warning:
            return spdlog::level::warn;
        case Level::Error:
            break;
    }
    return spdlog::level::err;
}

std::string& node() {
    static std::string name;
    return name;
}

struct Log {
    explicit Log(std::shared_ptr<Sink> its_sink) : sink(std::move(its_sink)), logger("clacks", sink) {
        logger.set_error_handler([](const std::string&) {});  // the sink counts what is lost
    }
    std::shared_ptr<Sink> sink;
    spdlog::logger logger;
};

std::unique_ptr<Log>& current() {
    static auto log = std::make_unique<Log>(std::make_shared<ConsoleSink>());
    return log;
}

// systemd tells in JOURNAL_STREAM the device and inode of the stream that leads to the journal.
bool stderr_leads_to_journal() {
    const char* stream = std::getenv("JOURNAL_STREAM");
    struct stat file {};
    if (!stream || ::fstat(STDERR_FILENO, &file) != 0) return false;
    return std::to_string(file.st_dev) + ":" + std::to_string(file.st_ino) == stream;
}

// That the console's disk is full can be read where another log is left.
void tell_journal(const std::string& failure) {
    if (failure.empty() || !JournalSink::available()) return;
    spdlog::logger logger("clacks", std::make_shared<JournalSink>(node()));
    logger.error("{}", failure);
}

}  // namespace

void start(Level level, Target target) {
    const bool wanted = target == Target::Journal || (target == Target::Auto && stderr_leads_to_journal());
    const bool there = wanted && JournalSink::available();
    auto log = there ? std::make_unique<Log>(std::make_shared<JournalSink>(node()))
                     : std::make_unique<Log>(std::make_shared<ConsoleSink>());
    log->logger.set_level(native(level));
    current() = std::move(log);
    if (wanted && !there)
        warning(
            "there is no journal on this machine, so the log goes to the console; set [log] target to "
            "console",
            {"log-target", {}, {}});
}

void identify(std::string name) {
    node() = std::move(name);
}

void set_level(Level level) {
    current()->logger.set_level(native(level));
}

bool enabled(Level level) {
    return current()->logger.should_log(native(level));
}

void write(Level level, std::string_view text, const Fields& fields) {
    if (!enabled(level)) return;
    Log& log = *current();
    const bool well = log.sink->failure().empty();
    fields_of_line() = &fields;
    log.logger.log(native(level), "{}", one_line(text, kLongestLine));
    fields_of_line() = nullptr;
    if (well) tell_journal(log.sink->failure());
}

void problem(Level level, const Diagnostic& problem, std::string_view before) {
    write(level, std::string(before) + to_string(problem),
          {problem.code, {}, problem.source, problem.line, problem.column});
}

bool on_console() {
    return dynamic_cast<ConsoleSink*>(current()->sink.get()) != nullptr;
}

std::string failure() {
    return current()->sink->failure();
}

}  // namespace clacks::log
