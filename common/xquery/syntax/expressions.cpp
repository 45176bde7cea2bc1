// Operators, from the loosest to the tightest (XQuery 3.1, A.4).
#include "common/xquery/syntax/grammar.hpp"

namespace clacks::xquery::syntax {

void Parser::enter() {
    if (++depth_ > nesting_) {
        --depth_;
        scan_.fail_at(scan_.token_start(),
                      "expressions are nested more than " + std::to_string(nesting_) + " deep",
                      "simplify the query, or raise the nesting limit", Code::limit_nesting);
    }
}

const Expr* Parser::empty_sequence(std::size_t start) {
    return make<Sequence>(ExprKind::sequence, start);
}

const Expr* Parser::expr() {
    const std::size_t start = scan_.token_start();
    std::vector<const Expr*> items{expr_single()};
    while (scan_.take(",")) items.push_back(expr_single());
    if (items.size() == 1) return items.front();
    auto* sequence = make<Sequence>(ExprKind::sequence, start);
    sequence->items = keep(items);
    return sequence;
}

const Expr* Parser::enclosed(std::string_view where) {
    const std::size_t start = scan_.token_start();
    expect("{", where);
    if (scan_.take("}")) return empty_sequence(start);
    const Expr* content = expr();
    expect("}", where);
    return content;
}

const Expr* Parser::expr_single() {
    const Level level(*this);
    if (const Expr* found = control()) return found;
    return or_expr();
}

// A word, or a symbol that is not the beginning of a longer one.
bool Parser::take_operator(const OperatorWord& word) {
    const char first = word.text.front();
    if (first >= 'a' && first <= 'z') return scan_.take_word(word.text);
    if (!scan_.looking_at(word.text)) return false;
    const auto longer = [&](std::string_view other) { return scan_.here_is(other); };
    if (word.op == Operator::union_ && longer("||")) return false;
    if (word.op == Operator::map && longer("!=")) return false;
    scan_.advance(word.text.size());
    return true;
}

const Expr* Parser::chain(ExprKind kind, std::span<const OperatorWord> operators, Sub operand) {
    const std::size_t start = scan_.token_start();
    const Expr* first = (this->*operand)();
    std::vector<Operand> rest;
    while (true) {
        const std::size_t at = scan_.token_start();
        const OperatorWord* found = nullptr;
        for (const OperatorWord& word : operators) {
            if (take_operator(word)) {
                found = &word;
                break;
            }
        }
        if (found == nullptr) break;
        const Span span = span_from(at);
        rest.push_back({found->op, span, (this->*operand)()});
    }
    if (rest.empty()) return first;
    auto* node = make<Chain>(kind, start);
    node->first = first;
    node->rest = keep(rest);
    return node;
}

const Expr* Parser::or_expr() {
    static constexpr OperatorWord kWords[] = {{"or", Operator::or_}};
    return chain(ExprKind::or_, kWords, &Parser::and_expr);
}

const Expr* Parser::and_expr() {
    static constexpr OperatorWord kWords[] = {{"and", Operator::and_}};
    return chain(ExprKind::and_, kWords, &Parser::comparison);
}

const Expr* Parser::comparison() {
    struct Row {
        std::string_view text;
        Operator op;
        ExprKind kind;
    };
    // Longer symbols before their beginnings.
    static constexpr Row kRows[] = {
        {"eq", Operator::eq, ExprKind::value_comparison},
        {"ne", Operator::ne, ExprKind::value_comparison},
        {"lt", Operator::lt, ExprKind::value_comparison},
        {"le", Operator::le, ExprKind::value_comparison},
        {"gt", Operator::gt, ExprKind::value_comparison},
        {"ge", Operator::ge, ExprKind::value_comparison},
        {"is", Operator::is, ExprKind::node_comparison},
        {"<<", Operator::precedes, ExprKind::node_comparison},
        {">>", Operator::follows, ExprKind::node_comparison},
        {"!=", Operator::general_ne, ExprKind::general_comparison},
        {"<=", Operator::general_le, ExprKind::general_comparison},
        {">=", Operator::general_ge, ExprKind::general_comparison},
        {"=", Operator::general_eq, ExprKind::general_comparison},
        {"<", Operator::general_lt, ExprKind::general_comparison},
        {">", Operator::general_gt, ExprKind::general_comparison},
    };
    const std::size_t start = scan_.token_start();
    const Expr* left = concat();
    const std::size_t at = scan_.token_start();
    for (const Row& row : kRows) {
        if (row.op == Operator::general_eq && scan_.looking_at("=>")) continue;
        if (!take_operator({row.text, row.op})) continue;
        if (scan_.here() == '=' && row.op == Operator::general_eq)
            scan_.fail_at(at, "'==' is no operator", "write '=' or 'eq' to compare");
        const Span span = span_from(at);
        const Expr* right = concat();
        auto* node = make<Comparison>(row.kind, start);
        node->op = row.op;
        node->op_span = span;
        node->left = left;
        node->right = right;
        return node;
    }
    return left;
}

const Expr* Parser::concat() {
    static constexpr OperatorWord kWords[] = {{"||", Operator::concat}};
    return chain(ExprKind::concat, kWords, &Parser::range);
}

const Expr* Parser::range() {
    const std::size_t start = scan_.token_start();
    const Expr* from = additive();
    if (!scan_.take_word("to")) return from;
    const Expr* to = additive();
    auto* node = make<Range>(ExprKind::range, start);
    node->from = from;
    node->to = to;
    return node;
}

const Expr* Parser::additive() {
    static constexpr OperatorWord kWords[] = {{"+", Operator::plus}, {"-", Operator::minus}};
    return chain(ExprKind::additive, kWords, &Parser::multiplicative);
}

const Expr* Parser::multiplicative() {
    static constexpr OperatorWord kWords[] = {{"*", Operator::multiply},
                                              {"div", Operator::divide},
                                              {"idiv", Operator::integer_divide},
                                              {"mod", Operator::modulo}};
    return chain(ExprKind::multiplicative, kWords, &Parser::union_expr);
}

const Expr* Parser::union_expr() {
    static constexpr OperatorWord kWords[] = {{"union", Operator::union_}, {"|", Operator::union_}};
    return chain(ExprKind::union_, kWords, &Parser::intersect_except);
}

const Expr* Parser::intersect_except() {
    static constexpr OperatorWord kWords[] = {{"intersect", Operator::intersect},
                                              {"except", Operator::except}};
    return chain(ExprKind::intersect_except, kWords, &Parser::instance_of);
}

bool Parser::at_type_operator(std::string_view first, std::string_view second) {
    const std::size_t before = scan_.position();
    if (scan_.take_word(first) && scan_.take_word(second)) return true;
    scan_.go_back(before);
    return false;
}

const Expr* Parser::instance_of() {
    const std::size_t start = scan_.token_start();
    const Expr* operand = treat();
    if (!at_type_operator("instance", "of")) return operand;
    auto* type = place<SequenceType>();
    *type = sequence_type();
    auto* node = make<TypeExpr>(ExprKind::instance_of, start);
    node->operand = operand;
    node->type = type;
    return node;
}

const Expr* Parser::treat() {
    const std::size_t start = scan_.token_start();
    const Expr* operand = castable();
    if (!at_type_operator("treat", "as")) return operand;
    auto* type = place<SequenceType>();
    *type = sequence_type();
    auto* node = make<TypeExpr>(ExprKind::treat, start);
    node->operand = operand;
    node->type = type;
    return node;
}

const Expr* Parser::castable() {
    const std::size_t start = scan_.token_start();
    const Expr* operand = cast();
    if (!at_type_operator("castable", "as")) return operand;
    const SingleType type = single_type();
    auto* node = make<CastExpr>(ExprKind::castable, start);
    node->operand = operand;
    node->type = type;
    return node;
}

const Expr* Parser::cast() {
    const std::size_t start = scan_.token_start();
    const Expr* operand = arrow();
    if (!at_type_operator("cast", "as")) return operand;
    const SingleType type = single_type();
    auto* node = make<CastExpr>(ExprKind::cast, start);
    node->operand = operand;
    node->type = type;
    return node;
}

const Expr* Parser::arrow() {
    const std::size_t start = scan_.token_start();
    const Expr* operand = unary();
    std::vector<ArrowCall> calls;
    while (scan_.take("=>")) {
        const std::size_t at = scan_.token_start();
        ArrowCall call;
        if (scan_.looking_at("$")) {
            const Name name = variable_name();
            auto* reference = make<VariableReference>(ExprKind::variable_reference, at);
            reference->name = name;
            call.function = reference;
        } else if (scan_.looking_at("(")) {
            call.function = parenthesized();
        } else {
            if (!at_name()) scan_.fail_expected("a function after '=>'", "write '>=' to compare");
            call.name = eqname("a function");
        }
        call.arguments = arguments();
        call.span = span_from(at);
        calls.push_back(call);
    }
    if (calls.empty()) return operand;
    auto* node = make<Arrow>(ExprKind::arrow, start);
    node->operand = operand;
    node->calls = keep(calls);
    return node;
}

const Expr* Parser::unary() {
    const std::size_t start = scan_.token_start();
    bool any = false;
    bool negative = false;
    while (true) {
        if (scan_.take("-")) {
            negative = !negative;
        } else if (!scan_.take("+")) {
            break;
        }
        any = true;
    }
    const Expr* operand = value();
    if (!any) return operand;
    auto* node = make<Unary>(ExprKind::unary, start);
    node->negative = negative;
    node->operand = operand;
    return node;
}

const Expr* Parser::value() {
    if (scan_.looking_at("(#")) return extension();
    if (scan_.looking_at("validate", "{")) return validate();
    for (const std::string_view word : {"lax", "strict", "type"}) {
        const std::size_t before = scan_.position();
        const bool found = scan_.take_word("validate") && scan_.looking_at_word(word);
        scan_.go_back(before);
        if (found) return validate();
    }
    return simple_map();
}

const Expr* Parser::validate() {
    const std::size_t start = scan_.token_start();
    expect_word("validate");
    auto mode = Validate::Mode::unspecified;
    Name type;
    if (scan_.take_word("lax")) {
        mode = Validate::Mode::lax;
    } else if (scan_.take_word("strict")) {
        mode = Validate::Mode::strict;
    } else if (scan_.take_word("type")) {
        mode = Validate::Mode::type;
        type = eqname("a type name");
    }
    expect("{", "after 'validate'");
    const Expr* operand = expr();
    expect("}", "after the validated expression");
    auto* node = make<Validate>(ExprKind::validate, start);
    node->mode = mode;
    node->type = type;
    node->operand = operand;
    return node;
}

const Expr* Parser::extension() {
    const std::size_t start = scan_.token_start();
    std::vector<Pragma> pragmas;
    while (scan_.take("(#")) {
        Pragma pragma;
        const std::size_t at = scan_.position() - 2;
        skip_plain_space();
        pragma.name = eqname_here("the pragma's name");
        const bool spaced = is_space(scan_.here());
        skip_plain_space();
        const std::size_t end = scan_.text().find("#)", scan_.position());
        if (end == std::string_view::npos) scan_.fail_at(at, "the pragma is not closed", "end it with '#)'");
        pragma.content = scan_.text().substr(scan_.position(), end - scan_.position());
        if (!spaced && !pragma.content.empty()) scan_.fail_expected("white space after the pragma's name");
        scan_.advance(pragma.content.size() + 2);
        pragma.span = span_from(at);
        pragmas.push_back(pragma);
    }
    expect("{", "after the pragma");
    const Expr* operand = scan_.looking_at("}") ? nullptr : expr();
    expect("}", "after the pragma's expression");
    auto* node = make<Extension>(ExprKind::extension, start);
    node->pragmas = keep(pragmas);
    node->operand = operand;
    return node;
}

const Expr* Parser::simple_map() {
    static constexpr OperatorWord kWords[] = {{"!", Operator::map}};
    return chain(ExprKind::simple_map, kWords, &Parser::path);
}

}  // namespace clacks::xquery::syntax
