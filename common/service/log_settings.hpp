// What a service's settings say of its log, as the log wants it.
#pragma once

#include "common/config/settings.hpp"
#include "common/log/log.hpp"

namespace clacks {

log::Level log_level(config::LogLevel level);
log::Target log_target(config::LogTarget target);

}  // namespace clacks
