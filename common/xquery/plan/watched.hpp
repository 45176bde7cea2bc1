// Which expressions of a query's text are watched where it is explained.
#pragma once

#include <cstddef>
#include <cstdint>

#include "common/xquery/syntax/kind.hpp"
#include "common/xquery/xquery.hpp"

namespace clacks::xquery::plan {

struct FunctionBody;

inline constexpr std::size_t kNoExpression = ~std::size_t{0};

// That is known without looking, so that nobody wants to be told.
inline bool is_literal(syntax::ExprKind kind) {
    return kind <= syntax::ExprKind::string_literal;
}

// In the order in which they are compiled: each comes behind what it is a part of.
struct WatchedExpression {
    std::size_t parent = kNoExpression;
    syntax::ExprKind kind = syntax::ExprKind::sequence;
    ExplainedExpression::Role role = ExplainedExpression::Role::part;
    std::size_t offset = 0;  // as those of operators
    std::size_t length = 0;
    bool body = false;                      // the query's own
    const FunctionBody* body_of = nullptr;  // the function that it is the whole body of
    const FunctionBody* calls = nullptr;    // the declared function that it calls
};

}  // namespace clacks::xquery::plan
