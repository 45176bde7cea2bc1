// The line of a text that a Diagnostic speaks of, for a person's terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "common/base/result.hpp"

namespace clacks {

// Two lines, the second with carets under what is wrong:
//   let $x := 1 retrun $x
//               ^^^^^^
// What reaches over several lines is marked to the end of its first one. A line wider than `width` columns is
// cut around the place. A tab is shown as one space, other characters that could steer a terminal as '?'.
// "" where the place is not known, or `text` has no such line. `text` is UTF-8.
std::string excerpt(std::string_view text, const Diagnostic& diagnostic, std::size_t width = 100);

}  // namespace clacks
