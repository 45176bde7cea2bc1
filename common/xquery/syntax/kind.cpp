#include "common/xquery/syntax/kind.hpp"

#include "common/xquery/syntax/clause.hpp"

namespace clacks::xquery::syntax {

namespace {

// In the order of ExprKind.
constexpr std::string_view kNames[] = {
    "integer literal",
    "decimal literal",
    "double literal",
    "string literal",
    "variable reference",
    "context item expression",
    "sequence",
    "argument placeholder",
    "function call",
    "named function reference",
    "inline function expression",
    "map constructor",
    "square array constructor",
    "curly array constructor",
    "string constructor",
    "ordered expression",
    "unordered expression",
    "unary lookup",
    "postfix expression",
    "axis step",
    "path expression",
    "or expression",
    "and expression",
    "string concatenation",
    "additive expression",
    "multiplicative expression",
    "union expression",
    "intersect or except expression",
    "simple map expression",
    "value comparison",
    "general comparison",
    "node comparison",
    "range expression",
    "unary expression",
    "instance of expression",
    "treat expression",
    "castable expression",
    "cast expression",
    "arrow expression",
    "FLWOR expression",
    "quantified expression",
    "conditional expression",
    "switch expression",
    "typeswitch expression",
    "try/catch expression",
    "validate expression",
    "extension expression",
    "direct element constructor",
    "text of a direct element constructor",
    "enclosed expression",
    "direct comment constructor",
    "direct processing instruction constructor",
    "computed element constructor",
    "computed attribute constructor",
    "computed namespace constructor",
    "computed processing instruction constructor",
    "document node constructor",
    "text node constructor",
    "computed comment constructor",
};
static_assert(std::size(kNames) == kExprKindCount);

constexpr std::string_view kClauses[] = {"for clause",   "let clause",      "window clause",
                                         "where clause", "group by clause", "order by clause",
                                         "count clause"};

// In the order of Operator.
constexpr std::string_view kOperators[] = {
    "or", "and", "||", "+",  "-",  "*", "div", "idiv", "mod", "union", "intersect", "except", "!",  "eq",
    "ne", "lt",  "le", "gt", "ge", "=", "!=",  "<",    "<=",  ">",     ">=",        "is",     "<<", ">>"};

}  // namespace

std::string_view construct_name(ExprKind kind) {
    return kNames[static_cast<std::size_t>(kind)];
}

std::string_view construct_name(ClauseKind kind) {
    return kClauses[static_cast<std::size_t>(kind)];
}

std::string_view operator_text(Operator op) {
    return kOperators[static_cast<std::size_t>(op)];
}

}  // namespace clacks::xquery::syntax
