// The commands that ask a filter about events.
#pragma once

#include "common/cli/command.hpp"

namespace clacks::cli {

void add_filter_events(Commands& commands, CLI::App* filter);  // below `filter`

}  // namespace clacks::cli
