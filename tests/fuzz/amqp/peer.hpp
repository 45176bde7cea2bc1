// A connection of the bus whose peer sends given bytes and reads whatever comes: the agent's own connection,
// links, SASL layer and transport, on proton's connection engine instead of a socket.
#pragma once

#include <string>
#include <string_view>

#include "agent/bus/intake_link.hpp"
#include "agent/bus/link.hpp"
#include "agent/harness/manual_clock.hpp"

namespace clacks::fuzz {

// How the peer sends: frame by frame, reading what comes in between, or at once and cut anywhere.
enum class Sending { frames, pieces };

// What the peer was sent, until all that it sent was worked off, its time to open was over and it was gone.
std::string converse(bus::Shared& shared, ManualClock& clock,
                     const std::shared_ptr<const bus::OpenIntake>& intake, std::string_view sent,
                     Sending sending);

// Of the listener that the fuzzer's function talks to (tests/fuzz/listener.cpp), so far.
const BusCounters& listener_counters();

}  // namespace clacks::fuzz
