// Why a test holds of no event: for people, with what they may have meant.
#pragma once

#include "common/base/result.hpp"
#include "common/events/catalogue.hpp"
#include "common/xquery/analysis/condition.hpp"

namespace clacks::matching {

// Of a test that no event of the catalogue can pass.
Diagnostic reason_for(const xquery::analysis::Test& test, const events::Catalogue& catalogue);

// Of a filter whose tests can each be passed, if there are any, and not all of them by one event.
Diagnostic contradiction(bool without_tests);

}  // namespace clacks::matching
