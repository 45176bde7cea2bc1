// The clauses of a FLWOR expression (XQuery 3.1, 3.12). A Clause is told by its kind and read with as<T>.
#pragma once

#include "common/xquery/syntax/expression.hpp"

namespace clacks::xquery::syntax {

enum class ClauseKind : std::uint8_t { for_, let, window, where, group_by, order_by, count };

// "for clause", "window clause" …
std::string_view construct_name(ClauseKind kind);

struct Clause {
    ClauseKind kind;
    Span span;
};

template <ClauseKind k>
struct ClauseOf : Clause {
    static constexpr bool is(ClauseKind other) { return other == k; }
};

template <class T>
const T& as(const Clause& clause) {
    assert(T::is(clause.kind));
    return static_cast<const T&>(clause);
}

struct ForClause : ClauseOf<ClauseKind::for_> {
    Name variable;
    const SequenceType* type = nullptr;  // null: none declared
    bool allowing_empty = false;
    bool has_position = false;
    Name position;  // at $position
    const Expr* in = nullptr;
};

struct LetClause : ClauseOf<ClauseKind::let> {
    Name variable;
    const SequenceType* type = nullptr;  // null: none declared
    const Expr* value = nullptr;
};

// start|end [$current] [at $position] [previous $previous] [next $next] when …
struct WindowCondition {
    bool has_current = false;
    bool has_position = false;
    bool has_previous = false;
    bool has_next = false;
    Name current;
    Name position;
    Name previous;
    Name next;
    const Expr* when = nullptr;  // null: the condition is absent
};

struct WindowClause : ClauseOf<ClauseKind::window> {
    bool sliding = false;
    Name variable;
    const SequenceType* type = nullptr;  // null: none declared
    const Expr* in = nullptr;
    WindowCondition start;
    bool only_end = false;
    WindowCondition end;  // may be absent when tumbling
};

struct WhereClause : ClauseOf<ClauseKind::where> {
    const Expr* condition = nullptr;
};

struct GroupingSpec {
    Name variable;
    const SequenceType* type = nullptr;  // null: none declared
    const Expr* value = nullptr;         // null: the variable exists already
    bool has_collation = false;
    std::string_view collation;
    Span span;
};

struct GroupByClause : ClauseOf<ClauseKind::group_by> {
    List<GroupingSpec> specs;
};

enum class EmptyOrder : std::uint8_t { unspecified, greatest, least };

struct OrderSpec {
    const Expr* key = nullptr;
    bool descending = false;
    EmptyOrder empty = EmptyOrder::unspecified;
    bool has_collation = false;
    std::string_view collation;
    Span span;
};

struct OrderByClause : ClauseOf<ClauseKind::order_by> {
    bool stable = false;
    List<OrderSpec> specs;
};

struct CountClause : ClauseOf<ClauseKind::count> {
    Name variable;
};

}  // namespace clacks::xquery::syntax
