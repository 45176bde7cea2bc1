// Paths, steps and node tests (XQuery 3.1, 3.3).
#include "common/xquery/syntax/grammar.hpp"

namespace clacks::xquery::syntax {

namespace {

struct AxisName {
    std::string_view name;
    Axis axis;
};
constexpr AxisName kAxes[] = {{"child", Axis::child},
                              {"descendant", Axis::descendant},
                              {"attribute", Axis::attribute},
                              {"self", Axis::self},
                              {"descendant-or-self", Axis::descendant_or_self},
                              {"following-sibling", Axis::following_sibling},
                              {"following", Axis::following},
                              {"parent", Axis::parent},
                              {"ancestor", Axis::ancestor},
                              {"preceding-sibling", Axis::preceding_sibling},
                              {"preceding", Axis::preceding},
                              {"ancestor-or-self", Axis::ancestor_or_self}};

}  // namespace

// Whether a step can begin here; decides what a "/" alone means (XQuery 3.1, A.1.2).
bool Parser::at_step() {
    if (scan_.at_end()) return false;
    const char c = scan_.here();
    if (at_name() || is_digit(c)) return true;
    if (c == '<') return !scan_.here_is("<<") && !scan_.here_is("<=");
    if (c == '.' || c == '@' || c == '$' || c == '(' || c == '[' || c == '"' || c == '\'' || c == '*' ||
        c == '?' || c == '%')
        return true;
    return scan_.here_is("``[");
}

const Expr* Parser::descendant_step(std::size_t start) {
    auto* kind = place<KindTest>();
    kind->kind = KindTest::Kind::node;
    kind->span = span_from(start);
    auto* step = make<AxisStep>(ExprKind::axis_step, start);
    step->axis = Axis::descendant_or_self;
    step->test.kind = kind;
    step->test.span = kind->span;
    return step;
}

const Expr* Parser::path() {
    const std::size_t start = scan_.token_start();
    std::vector<const Expr*> steps;
    bool from_root = false;
    if (scan_.take("//")) {
        from_root = true;
        steps.push_back(descendant_step(start));
        if (!at_step()) scan_.fail_expected("a step after '//'");
        relative_path(steps);
    } else if (scan_.take("/")) {
        from_root = true;
        if (at_step()) relative_path(steps);
    } else {
        const Expr* first = step();
        if (!scan_.looking_at("/")) return first;
        steps.push_back(first);
        further_steps(steps);
    }
    auto* node = make<Path>(ExprKind::path, start);
    node->from_root = from_root;
    node->steps = keep(steps);
    return node;
}

void Parser::relative_path(std::vector<const Expr*>& steps) {
    steps.push_back(step());
    further_steps(steps);
}

void Parser::further_steps(std::vector<const Expr*>& steps) {
    while (true) {
        const std::size_t at = scan_.token_start();
        if (scan_.take("//")) {
            steps.push_back(descendant_step(at));
        } else if (!scan_.take("/")) {
            return;
        }
        steps.push_back(step());
    }
}

const Expr* Parser::step() {
    const std::size_t start = scan_.token_start();
    if (const Expr* base = primary()) return postfix(base, start);
    if (const Expr* found = axis_step()) return found;
    scan_.fail_expected("an expression");
}

const Expr* Parser::axis_step() {
    const std::size_t start = scan_.token_start();
    Axis axis = Axis::child;
    NodeTest test;
    bool named = false;
    if (scan_.take("..")) {
        auto* kind = place<KindTest>();
        kind->span = span_from(start);
        axis = Axis::parent;
        test.kind = kind;
        test.span = kind->span;
    } else {
        if (scan_.take("@")) {
            axis = Axis::attribute;
            named = true;
        } else if (const std::string_view word = scan_.peek_word();
                   !word.empty() && scan_.looking_at(word, "::")) {
            const AxisName* known = nullptr;
            for (const AxisName& row : kAxes) {
                if (row.name == word) known = &row;
            }
            if (known == nullptr) {
                if (word == "namespace")
                    scan_.fail_at(start, "the namespace axis is not part of XQuery",
                                  "use in-scope-prefixes()", Code::XPST0010);
                scan_.fail_at(start, "there is no axis '" + std::string(word) + "'",
                              "the axes are child, descendant, attribute, "
                              "self, parent, ancestor, following, preceding and their kin");
            }
            axis = known->axis;
            scan_.advance(word.size());
            expect("::");
            named = true;
        }
        if (!named && !scan_.looking_at("*") && !at_name()) return nullptr;
        if (!named) refuse_misplaced();
        test = node_test();
        const bool of_attributes =
            test.kind != nullptr && (test.kind->kind == KindTest::Kind::attribute ||
                                     test.kind->kind == KindTest::Kind::schema_attribute);
        if (!named && of_attributes) axis = Axis::attribute;
        if (!named && test.kind != nullptr && test.kind->kind == KindTest::Kind::namespace_node)
            scan_.fail_at(start,
                          "namespace-node() is a step on the namespace axis, which is not part of XQuery",
                          "use in-scope-prefixes()", Code::XQST0134);
    }
    const List<const Expr*> filters = predicates();
    auto* node = make<AxisStep>(ExprKind::axis_step, start);
    node->axis = axis;
    node->test = test;
    node->predicates = filters;
    return node;
}

// Words that begin a construct of lower precedence, or a type, where only a step can stand.
void Parser::refuse_misplaced() {
    const std::size_t start = scan_.token_start();
    const std::string_view word = scan_.peek_word();
    for (const std::string_view control : {"if", "switch", "typeswitch"}) {
        if (scan_.looking_at(control, "("))
            scan_.fail_at(start, "'" + std::string(word) + "' cannot stand here without parentheses",
                          "put the whole expression in ( )");
    }
    for (const std::string_view control : {"for", "let", "some", "every"}) {
        if (scan_.looking_at(control, "$"))
            scan_.fail_at(start, "'" + std::string(word) + "' cannot stand here without parentheses",
                          "put the whole expression in ( )");
    }
    for (const std::string_view type : {"item", "empty-sequence", "map", "array"}) {
        if (scan_.looking_at(type, "("))
            scan_.fail_at(start, "'" + std::string(word) + "(…)' is a type, and an expression is expected",
                          type == "map" || type == "array" ? "write " + std::string(word) + " { … }"
                                                           : "types follow 'as' and 'instance of'");
    }
}

List<const Expr*> Parser::predicates() {
    std::vector<const Expr*> found;
    while (scan_.looking_at("[")) found.push_back(predicate());
    return keep(found);
}

const Expr* Parser::predicate() {
    expect("[");
    const Expr* condition = expr();
    expect("]", "after the predicate");
    return condition;
}

NodeTest Parser::node_test() {
    const std::size_t start = scan_.token_start();
    NodeTest test;
    if (at_kind_test()) {
        test.kind = kind_test();
    } else {
        test.name = name_test();
    }
    test.span = span_from(start);
    return test;
}

NameTest Parser::name_test() {
    NameTest test;
    const std::size_t start = scan_.token_start();
    if (scan_.take("*")) {
        test.wildcard = Wildcard::any;
        if (scan_.here() == ':' && !scan_.here_is("::") && !scan_.here_is(":=")) {
            const std::size_t colon = scan_.position();
            scan_.advance();
            test.name.local = scan_.take_ncname_here();
            if (test.name.local.empty()) {
                scan_.go_back(colon);
            } else {
                test.wildcard = Wildcard::any_prefix;
            }
        }
        test.name.span = span_from(start);
        return test;
    }
    if (scan_.here_is("Q{")) {
        scan_.advance();
        const std::string_view uri = braced_uri();
        if (scan_.here() == '*') {
            scan_.advance();
            test.wildcard = Wildcard::any_local;
            test.name.braced = true;
            test.name.uri = uri;
            test.name.span = span_from(start);
            return test;
        }
        scan_.go_back(start);
    }
    test.name = eqname("a name");
    if (test.name.plain() && scan_.here_is(":*")) {
        scan_.advance(2);
        test.wildcard = Wildcard::any_local;
        test.name.prefix = test.name.local;
        test.name.local = {};
        test.name.span = span_from(start);
    }
    return test;
}

}  // namespace clacks::xquery::syntax
