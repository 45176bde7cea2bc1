// The index and one-by-one evaluation, asked about the same random filters and events.
#pragma once

#include <string>

#include "tests/matching/choices.hpp"

namespace clacks::test {

// Inserts, removes and matches in turn. What they first differ in, or "".
std::string check_index(Choices& choices, unsigned steps);

}  // namespace clacks::test
