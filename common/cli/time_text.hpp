// Times as ISO 8601 in UTC.
#pragma once

#include <string>

#include "common/base/clock.hpp"

namespace clacks::cli {

// As 2026-05-01T12:00:00.250Z.
std::string time_text(WallTime time);

}  // namespace clacks::cli
