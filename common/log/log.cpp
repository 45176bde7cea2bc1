#include "common/log/log.hpp"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/sinks/systemd_sink.h>
#include <spdlog/spdlog.h>

#include <memory>

#include "common/base/text.hpp"

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

std::shared_ptr<spdlog::logger> console() {
    auto sink = std::make_shared<spdlog::sinks::stderr_color_sink_mt>();
    auto logger = std::make_shared<spdlog::logger>("clacks", std::move(sink));
    logger->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %^%l%$ %v");
    logger->flush_on(spdlog::level::trace);
    return logger;
}

std::shared_ptr<spdlog::logger> journal() {
    return std::make_shared<spdlog::logger>("clacks",
                                            std::make_shared<spdlog::sinks::systemd_sink_mt>("clacks-agent"));
}

// A sink that fails (a full disk) must neither stop the program nor write about it for each line.
void survive_errors(spdlog::logger& logger) {
    logger.set_error_handler([](const std::string&) {});
}

std::shared_ptr<spdlog::logger>& current() {
    static std::shared_ptr<spdlog::logger> logger = console();
    return logger;
}

}  // namespace

void start(Level level, Target target) {
    std::shared_ptr<spdlog::logger> logger = target == Target::Journal ? journal() : console();
    logger->set_level(native(level));
    survive_errors(*logger);
    current() = std::move(logger);
}

bool enabled(Level level) {
    return current()->should_log(native(level));
}

void write(Level level, std::string_view text) {
    if (!enabled(level)) return;
    current()->log(native(level), "{}", one_line(text, kLongestLine));
}

void flush() {
    current()->flush();
}

}  // namespace clacks::log
