// All that is told of filters beside a catalogue, and one-by-one evaluation, asked about the same random
// definitions, filters and events.
#pragma once

#include <string>

#include "tests/matching/choices.hpp"

namespace clacks::test {

// What was looked at.
struct Tally {
    unsigned filters = 0;     // with a condition
    unsigned never = 0;       // that no event can match
    unsigned sufficient = 0;  // decided without evaluation
    unsigned matches = 0;     // of a filter and an event
};

// One catalogue. What they first differ in, or "".
std::string check_catalogue(Choices& choices, unsigned filters, unsigned events, Tally& tally);

}  // namespace clacks::test
