// FLWOR expressions (XQuery 3.1, 3.12).
#include "common/xquery/syntax/grammar.hpp"
#include "common/xquery/syntax/near_miss.hpp"

namespace clacks::xquery::syntax {

bool Parser::at_flwor() {
    if (scan_.looking_at("for", "$") || scan_.looking_at("let", "$")) return true;
    const std::size_t before = scan_.position();
    const bool window = scan_.take_word("for") &&
                        (scan_.looking_at("tumbling", "window") || scan_.looking_at("sliding", "window"));
    scan_.go_back(before);
    if (window) return true;
    refuse_missing_dollar();
    return false;
}

// "for x in" can be nothing else than a forgotten "$".
void Parser::refuse_missing_dollar() {
    const std::size_t before = scan_.token_start();
    for (const std::string_view word : {"for", "let", "some", "every"}) {
        if (!scan_.take_word(word)) continue;
        const std::size_t at = scan_.token_start();
        const std::string name(scan_.peek_word());
        scan_.advance(name.size());
        if (!name.empty() && (scan_.looking_at_word("in") || scan_.looking_at(":=")))
            scan_.fail_at(at, "expected a variable, found '" + name + "'", "write $" + name);
        scan_.go_back(before);
        return;
    }
}

const SequenceType* Parser::type_declaration() {
    if (!scan_.take_word("as")) return nullptr;
    auto* type = place<SequenceType>();
    *type = sequence_type();
    return type;
}

const Expr* Parser::flwor() {
    const std::size_t start = scan_.token_start();
    std::vector<const Clause*> clauses;
    while (!scan_.looking_at_word("return")) {
        if (scan_.looking_at("for", "$")) {
            for_clause(clauses);
        } else if (scan_.looking_at_word("for")) {
            window_clause(clauses);
        } else if (scan_.looking_at_word("let")) {
            let_clause(clauses);
        } else if (scan_.looking_at_word("where")) {
            const std::size_t at = scan_.token_start();
            expect_word("where");
            const Expr* condition = expr_single();
            auto* clause = make<WhereClause>(ClauseKind::where, at);
            clause->condition = condition;
            clauses.push_back(clause);
        } else if (scan_.looking_at_word("group")) {
            group_by(clauses);
        } else if (scan_.looking_at_word("order") || scan_.looking_at_word("stable")) {
            order_by(clauses);
        } else if (scan_.looking_at_word("count")) {
            const std::size_t at = scan_.token_start();
            expect_word("count");
            const Name variable = variable_name();
            auto* clause = make<CountClause>(ClauseKind::count, at);
            clause->variable = variable;
            clauses.push_back(clause);
        } else {
            std::string hint = near_miss(scan_.text(), scan_.token_start());
            if (hint.empty()) hint = "a FLWOR expression ends with 'return'";
            scan_.fail_expected("'return' or another clause", std::move(hint));
        }
    }
    expect_word("return");
    const Expr* result = expr_single();
    auto* node = make<Flwor>(ExprKind::flwor, start);
    node->clauses = keep(clauses);
    node->result = result;
    return node;
}

void Parser::for_clause(std::vector<const Clause*>& clauses) {
    expect_word("for");
    do {
        const std::size_t at = scan_.token_start();
        ForClause clause;
        clause.variable = variable_name();
        clause.type = type_declaration();
        if (scan_.take_word("allowing")) {
            expect_word("empty", "after 'allowing'");
            clause.allowing_empty = true;
        }
        if (scan_.take_word("at")) {
            clause.has_position = true;
            clause.position = variable_name();
        }
        if (!scan_.take_word("in"))
            scan_.fail_expected("'in' after the variable",
                                scan_.looking_at(":=") ? "write 'in', or 'let' for ':='" : "");
        clause.in = expr_single();
        auto* node = make<ForClause>(ClauseKind::for_, at);
        clause.kind = node->kind;
        clause.span = node->span;
        *node = clause;
        clauses.push_back(node);
    } while (scan_.take(","));
}

void Parser::let_clause(std::vector<const Clause*>& clauses) {
    expect_word("let");
    do {
        const std::size_t at = scan_.token_start();
        const Name variable = variable_name();
        const SequenceType* type = type_declaration();
        if (!scan_.take(":="))
            scan_.fail_expected("':=' after the variable", scan_.looking_at("=") ? "write ':='" : "");
        const Expr* value = expr_single();
        auto* clause = make<LetClause>(ClauseKind::let, at);
        clause->variable = variable;
        clause->type = type;
        clause->value = value;
        clauses.push_back(clause);
    } while (scan_.take(","));
}

WindowCondition Parser::window_condition() {
    WindowCondition condition;
    if (scan_.looking_at("$")) {
        condition.has_current = true;
        condition.current = variable_name();
    }
    if (scan_.take_word("at")) {
        condition.has_position = true;
        condition.position = variable_name();
    }
    if (scan_.take_word("previous")) {
        condition.has_previous = true;
        condition.previous = variable_name();
    }
    if (scan_.take_word("next")) {
        condition.has_next = true;
        condition.next = variable_name();
    }
    expect_word("when", "in the window's condition");
    condition.when = expr_single();
    return condition;
}

void Parser::window_clause(std::vector<const Clause*>& clauses) {
    const std::size_t at = scan_.token_start();
    expect_word("for");
    WindowClause clause;
    clause.sliding = scan_.take_word("sliding");
    if (!clause.sliding) expect_word("tumbling");
    expect_word("window");
    clause.variable = variable_name();
    clause.type = type_declaration();
    expect_word("in", "after the variable");
    clause.in = expr_single();
    expect_word("start", "after the window's sequence");
    clause.start = window_condition();
    clause.only_end = scan_.take_word("only");
    if (clause.only_end || clause.sliding || scan_.looking_at_word("end")) {
        expect_word("end", "in the window clause");
        clause.end = window_condition();
    }
    auto* node = make<WindowClause>(ClauseKind::window, at);
    clause.kind = node->kind;
    clause.span = node->span;
    *node = clause;
    clauses.push_back(node);
}

void Parser::group_by(std::vector<const Clause*>& clauses) {
    const std::size_t at = scan_.token_start();
    expect_word("group");
    expect_word("by", "after 'group'");
    std::vector<GroupingSpec> specs;
    do {
        const std::size_t start = scan_.token_start();
        GroupingSpec spec;
        spec.variable = variable_name();
        spec.type = type_declaration();
        if (scan_.take(":=")) {
            spec.value = expr_single();
        } else if (spec.type != nullptr) {
            scan_.fail_expected("':=' after the type");
        }
        if (scan_.take_word("collation")) {
            spec.has_collation = true;
            spec.collation = string_literal();
        }
        spec.span = span_from(start);
        specs.push_back(spec);
    } while (scan_.take(","));
    auto* node = make<GroupByClause>(ClauseKind::group_by, at);
    node->specs = keep(specs);
    clauses.push_back(node);
}

EmptyOrder Parser::empty_order() {
    if (scan_.take_word("greatest")) return EmptyOrder::greatest;
    if (!scan_.take_word("least")) scan_.fail_expected("'greatest' or 'least' after 'empty'");
    return EmptyOrder::least;
}

void Parser::order_by(std::vector<const Clause*>& clauses) {
    const std::size_t at = scan_.token_start();
    const bool stable = scan_.take_word("stable");
    expect_word("order");
    expect_word("by", "after 'order'");
    std::vector<OrderSpec> specs;
    do {
        const std::size_t start = scan_.token_start();
        OrderSpec spec;
        spec.key = expr_single();
        if (scan_.take_word("descending")) {
            spec.descending = true;
        } else {
            scan_.take_word("ascending");
        }
        if (scan_.take_word("empty")) spec.empty = empty_order();
        if (scan_.take_word("collation")) {
            spec.has_collation = true;
            spec.collation = string_literal();
        }
        spec.span = span_from(start);
        specs.push_back(spec);
    } while (scan_.take(","));
    auto* node = make<OrderByClause>(ClauseKind::order_by, at);
    node->stable = stable;
    node->specs = keep(specs);
    clauses.push_back(node);
}

}  // namespace clacks::xquery::syntax
