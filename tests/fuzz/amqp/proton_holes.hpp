// Frames that end the process inside proton itself, which no code above it can prevent (SECURITY.md). They
// are kept away from it, so that the search goes on behind them.
#pragma once

#include "tests/fuzz/amqp/conversation.hpp"

namespace clacks::fuzz {

// Before proton 0.40 a transfer that begins a delivery in parts without a delivery-id fails an assertion
// (PROTON-2853). Says yes also where the frame is too broken to tell.
bool ends_proton(const Part& part);

}  // namespace clacks::fuzz
