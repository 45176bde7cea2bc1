// What is no error but makes no difference: conditions and comparisons that always come out alike, and cases
// that are never chosen. Told as warnings with codes of their own (values/limits.def), where it is sure.
//
// All functions are pure and may be called by any thread.
#pragma once

#include <span>

#include "common/xquery/plan/operator.hpp"
#include "common/xquery/plan/type_problem.hpp"
#include "common/xquery/values/sequence_type.hpp"

namespace clacks::xquery::plan {

// Of if, where, and, or, satisfies: a constant, a node that is always there, or nothing ever.
MaybeProblem constant_condition(Plan condition);
// A comparison as it is written, general or of values.
MaybeProblem constant_comparison(Comparison op, Plan left, Plan right);
// A case of typeswitch that is for values of these types, behind cases for those of `before`.
MaybeProblem unreachable_case(const StaticType& operand, std::span<const SequenceType> types,
                              std::span<const SequenceType> before);
// A value of a case of switch, behind cases with the values `before`.
MaybeProblem unreachable_case(Plan value, std::span<const Plan> before);
// A catch clause behind one that catches everything.
TypeProblem unreachable_catch();

}  // namespace clacks::xquery::plan
