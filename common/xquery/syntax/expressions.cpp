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
    const Expr* first = expr_single();
    if (!scan_.looking_at(",")) return first;
    std::vector<const Expr*> items{first};
    while (scan_.take(",")) items.push_back(expr_single());
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

namespace {

// XQuery 3.1, A.4, from the loosest. The operators of one level share a chain, but for comparisons and
// ranges, which cannot be chained.
enum : int {
    kOr = 1,
    kAnd,
    kComparison,
    kConcat,
    kRange,
    kAdditive,
    kMultiplicative,
    kUnion,
    kIntersect,
    kAboveAll
};

struct Binary {
    std::string_view text;
    int level;
    ExprKind kind;
    Operator op;  // of no meaning for "to"
};

constexpr Binary kWords[] = {
    {"or", kOr, ExprKind::or_, Operator::or_},
    {"and", kAnd, ExprKind::and_, Operator::and_},
    {"eq", kComparison, ExprKind::value_comparison, Operator::eq},
    {"ne", kComparison, ExprKind::value_comparison, Operator::ne},
    {"lt", kComparison, ExprKind::value_comparison, Operator::lt},
    {"le", kComparison, ExprKind::value_comparison, Operator::le},
    {"gt", kComparison, ExprKind::value_comparison, Operator::gt},
    {"ge", kComparison, ExprKind::value_comparison, Operator::ge},
    {"is", kComparison, ExprKind::node_comparison, Operator::is},
    {"to", kRange, ExprKind::range, Operator::or_},
    {"div", kMultiplicative, ExprKind::multiplicative, Operator::divide},
    {"idiv", kMultiplicative, ExprKind::multiplicative, Operator::integer_divide},
    {"mod", kMultiplicative, ExprKind::multiplicative, Operator::modulo},
    {"union", kUnion, ExprKind::union_, Operator::union_},
    {"intersect", kIntersect, ExprKind::intersect_except, Operator::intersect},
    {"except", kIntersect, ExprKind::intersect_except, Operator::except},
};

// Longer symbols before their beginnings.
constexpr Binary kSymbols[] = {
    {"||", kConcat, ExprKind::concat, Operator::concat},
    {"<<", kComparison, ExprKind::node_comparison, Operator::precedes},
    {">>", kComparison, ExprKind::node_comparison, Operator::follows},
    {"!=", kComparison, ExprKind::general_comparison, Operator::general_ne},
    {"<=", kComparison, ExprKind::general_comparison, Operator::general_le},
    {">=", kComparison, ExprKind::general_comparison, Operator::general_ge},
    {"=", kComparison, ExprKind::general_comparison, Operator::general_eq},
    {"<", kComparison, ExprKind::general_comparison, Operator::general_lt},
    {">", kComparison, ExprKind::general_comparison, Operator::general_gt},
    {"+", kAdditive, ExprKind::additive, Operator::plus},
    {"-", kAdditive, ExprKind::additive, Operator::minus},
    {"*", kMultiplicative, ExprKind::multiplicative, Operator::multiply},
    {"|", kUnion, ExprKind::union_, Operator::union_},
};

// The operator that comes next, or null.
const Binary* next_operator(Scanner& scan) {
    if (scan.at_end()) return nullptr;
    if (scan.here() >= 'a' && scan.here() <= 'u') {
        const std::string_view word = scan.peek_word();
        for (const Binary& row : kWords) {
            if (row.text == word) return &row;
        }
        return nullptr;
    }
    if (scan.here_is("=>")) return nullptr;
    for (const Binary& row : kSymbols) {
        if (scan.here_is(row.text)) return &row;
    }
    return nullptr;
}

}  // namespace

// Precedence climbing: an expression whose operators are of this level or tighter.
const Expr* Parser::binary(int loosest) {
    const std::size_t start = scan_.token_start();
    const Expr* left = typed();
    int tightest = kAboveAll;  // what may follow `left` is looser than this
    while (true) {
        const Binary* next = next_operator(scan_);
        if (next == nullptr || next->level < loosest || next->level >= tightest) return left;
        tightest = next->level;
        if (next->level == kRange) {
            scan_.take(next->text);
            left = range(left, start);
        } else if (next->level == kComparison) {
            left = comparison(left, start, next->kind, next->op, next->text);
        } else {
            left = chain(left, start, next->level);
        }
    }
}

const Expr* Parser::chain(const Expr* first, std::size_t start, int level) {
    std::vector<Operand> rest;
    const ExprKind kind = next_operator(scan_)->kind;
    for (const Binary* next = next_operator(scan_); next != nullptr && next->level == level;
         next = next_operator(scan_)) {
        const std::size_t at = scan_.token_start();
        scan_.take(next->text);
        const Span span = span_from(at);
        rest.push_back({next->op, span, binary(level + 1)});
    }
    auto* node = make<Chain>(kind, start);
    node->first = first;
    node->rest = keep(rest);
    return node;
}

const Expr* Parser::comparison(const Expr* left, std::size_t start, ExprKind kind, Operator op,
                               std::string_view text) {
    const std::size_t at = scan_.token_start();
    scan_.take(text);
    if (scan_.here() == '=' && (op == Operator::general_eq || op == Operator::general_ne))
        scan_.fail_at(
            at, "'" + std::string(text) + "=' is no operator",
            op == Operator::general_eq ? "write '=' or 'eq' to compare" : "write '!=' or 'ne' to compare");
    const Span span = span_from(at);
    const Expr* right = binary(kComparison + 1);
    auto* node = make<Comparison>(kind, start);
    node->op = op;
    node->op_span = span;
    node->left = left;
    node->right = right;
    return node;
}

const Expr* Parser::range(const Expr* from, std::size_t start) {
    const Expr* to = binary(kRange + 1);
    auto* node = make<Range>(ExprKind::range, start);
    node->from = from;
    node->to = to;
    return node;
}

bool Parser::take_words(std::string_view first, std::string_view second) {
    const std::size_t before = scan_.position();
    if (scan_.take_word(first) && scan_.take_word(second)) return true;
    scan_.go_back(before);
    return false;
}

// cast, castable, treat and instance of: each at most once, in this order.
const Expr* Parser::typed() {
    const std::size_t start = scan_.token_start();
    const Expr* operand = arrow();
    if (take_words("cast", "as")) operand = with_single_type(ExprKind::cast, operand, start);
    if (take_words("castable", "as")) operand = with_single_type(ExprKind::castable, operand, start);
    if (take_words("treat", "as")) operand = with_type(ExprKind::treat, operand, start);
    if (take_words("instance", "of")) operand = with_type(ExprKind::instance_of, operand, start);
    return operand;
}

const Expr* Parser::with_type(ExprKind kind, const Expr* operand, std::size_t start) {
    auto* type = place<SequenceType>();
    *type = sequence_type();
    auto* node = make<TypeExpr>(kind, start);
    node->operand = operand;
    node->type = type;
    return node;
}

const Expr* Parser::with_single_type(ExprKind kind, const Expr* operand, std::size_t start) {
    const SingleType type = single_type();
    auto* node = make<CastExpr>(kind, start);
    node->operand = operand;
    node->type = type;
    return node;
}

const Expr* Parser::expr_single() {
    const Level level(*this);
    if (const Expr* found = control()) return found;
    return binary(kOr);
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
    const std::size_t start = scan_.token_start();
    const Expr* first = path();
    std::vector<Operand> rest;
    while (scan_.looking_at("!") && !scan_.here_is("!=")) {
        const std::size_t at = scan_.position();
        scan_.advance();
        const Span span = span_from(at);
        rest.push_back({Operator::map, span, path()});
    }
    if (rest.empty()) return first;
    auto* node = make<Chain>(ExprKind::simple_map, start);
    node->first = first;
    node->rest = keep(rest);
    return node;
}

}  // namespace clacks::xquery::syntax
