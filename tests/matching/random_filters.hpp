// Random conditions and events of few names and values, so that they meet often.
#pragma once

#include <string>
#include <vector>

#include "common/events/event.hpp"
#include "common/xquery/analysis/condition.hpp"
#include "tests/matching/choices.hpp"

namespace clacks::test {

xquery::analysis::Condition random_condition(Choices& choices, unsigned depth = 3);
// Of event types; empty: all.
std::vector<std::string> random_events(Choices& choices);
events::Event random_event(Choices& choices);

}  // namespace clacks::test
