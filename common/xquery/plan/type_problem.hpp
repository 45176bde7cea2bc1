// Why an expression can have no value, told from the static types of its operands alone. What is told is
// optimistic: there is a problem only where no values of these types are right.
//
// All functions are pure and may be called by any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/xquery/plan/static_type.hpp"
#include "common/xquery/values/error.hpp"

namespace clacks::xquery::plan {

struct TypeProblem {
    Code code = Code::XPTY0004;
    std::string message;
    std::string hint;
    // Each evaluation fails. Else only those that find any items; the others give nothing.
    bool always = false;
};
using MaybeProblem = std::optional<TypeProblem>;

// The operands are as written; these functions atomize them.
MaybeProblem arithmetic_problem(Arithmetic op, const StaticType& left, const StaticType& right);
MaybeProblem sign_problem(const StaticType& operand);
MaybeProblem value_comparison_problem(Comparison op, const StaticType& left, const StaticType& right);
MaybeProblem general_comparison_problem(Comparison op, const StaticType& left, const StaticType& right);
// union, intersect, except; is, << and >>; a path's left side: `what` takes nodes.
MaybeProblem node_problem(const StaticType& operand, std::string_view what, Code code);
// Where at most one atomic value is wanted: `what` is "an operand of ||".
MaybeProblem single_problem(const StaticType& operand, std::string_view what);
// cast as T (or T?), xs:T(…)
MaybeProblem cast_problem(const StaticType& operand, Type target, bool allow_empty);
// treat as, and declared types of variables, which convert nothing; `what` is "the value of $x".
MaybeProblem match_problem(const StaticType& given, const SequenceType& type, std::string_view what,
                           Code code);
// The function conversion rules (XQuery 3.1, 3.1.5.2); `what` is "the argument $x of f()".
MaybeProblem conversion_problem(const StaticType& given, const SequenceType& type, std::string_view what);
// The effective boolean value (XQuery 3.1, 2.4.3).
MaybeProblem truth_problem(const StaticType& operand);
// A call of what is no function; ?key on what is no map or array.
MaybeProblem call_problem(const StaticType& function);
MaybeProblem lookup_problem(const StaticType& operand);

}  // namespace clacks::xquery::plan
