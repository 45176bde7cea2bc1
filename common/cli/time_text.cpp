#include "common/cli/time_text.hpp"

#include <ctime>

namespace clacks::cli {

std::string time_text(WallTime time) {
    const auto since = time.time_since_epoch();
    const auto seconds = std::chrono::floor<std::chrono::seconds>(since);
    const std::time_t whole = seconds.count();
    std::tm parts{};
    char text[64];
    if (!::gmtime_r(&whole, &parts)) return std::to_string(since.count());
    const std::size_t length = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
    const std::string milliseconds = std::to_string(1000 + (since - seconds).count());
    return std::string(text, length) + "." + milliseconds.substr(1) + "Z";
}

}  // namespace clacks::cli
