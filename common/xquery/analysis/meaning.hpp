// The algebra of conditions: what is known of an expression that is taken for true or false, and how that
// of its parts makes that of the whole. docs/matching.md argues why each rule is sound.
//
// Inside the library. Thread safety: values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "common/xquery/analysis/condition.hpp"

namespace clacks::xquery::analysis {

// When something may be relied on; if_single as in Exactness::exact_if_single. In rising order.
enum class Level : std::uint8_t { no, if_single, yes };

// A set of binders that are open: variables of for, some, every, and the focus of a step or predicate, each
// of which stands for one node at a time of a set of nodes.
using Binders = std::uint64_t;

// The condition is necessary whatever else is said: where the expression is true, it holds.
struct Meaning {
    Condition condition;
    Level sufficient = Level::no;  // where the condition holds, the expression is true or fails
    Level safe = Level::no;        // it never fails
    Binders through = 0;           // whose node a test's path goes through
    Binders implied = 0;           // of which there is a node where the condition holds
    Binders several = 0;           // of which more than one test has to hold of the same node
    std::size_t tests = 0;
    std::optional<Test> opposite;  // what holds of a binder's own node where its only test does not
};

// Thrown where a condition would outgrow its bounds; nothing is known then.
struct TooMuch {};
inline constexpr std::size_t kMaxTests = 1024;
inline constexpr std::size_t kMaxSteps = 64;  // of a path

Meaning unknown();
Meaning certain(bool truth);
// Of what is an error whenever it is evaluated.
Meaning failing();
Meaning tested(Test test, Level safe, Binders through);

Meaning all(Meaning a, Meaning b);
Meaning any(Meaning a, Meaning b);
Meaning none(Meaning a);

// The same, relied on no more than so.
Meaning weakened(Meaning meaning, Level sufficient, Level safe = Level::yes);

// Its condition, with the exactness that follows from the rest.
Condition finished(const Meaning& meaning);

}  // namespace clacks::xquery::analysis
