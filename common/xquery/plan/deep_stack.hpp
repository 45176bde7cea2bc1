// Recursion deeper than the caller's stack allows goes on on a large stack of its own: that of a thread
// which runs while the caller waits, so that it needs no more than a POSIX system.
//
// How much may nest is counted in operators and not in bytes, so that a query behaves the same everywhere;
// the stacks have room for more than the counts allow.
#pragma once

#include "common/xquery/plan/operator.hpp"

namespace clacks::xquery::plan {

// The value of a body that was entered by a Descent.
Value all_of_body(Plan body, Frame& frame);

}  // namespace clacks::xquery::plan
