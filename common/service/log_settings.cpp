#include "common/service/log_settings.hpp"

namespace clacks {

log::Level log_level(config::LogLevel level) {
    switch (level) {
        case config::LogLevel::Debug:
            return log::Level::Debug;
        case config::LogLevel::Info:
            return log::Level::Info;
        case config::LogLevel::Warning:
            return log::Level::Warning;
        case config::LogLevel::Error:
            break;
    }
    return log::Level::Error;
}

log::Target log_target(config::LogTarget target) {
    switch (target) {
        case config::LogTarget::Console:
            return log::Target::Console;
        case config::LogTarget::Journal:
            return log::Target::Journal;
        case config::LogTarget::Auto:
            break;
    }
    return log::Target::Auto;
}

}  // namespace clacks
