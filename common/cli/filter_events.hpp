// The commands that ask a filter about events.
#pragma once

#include "common/cli/command.hpp"

namespace clacks::cli {

// Below `filter`.
void add_filter_events(Commands& commands, CLI::App* filter);
void add_filter_explain(Commands& commands, CLI::App* filter);

}  // namespace clacks::cli
