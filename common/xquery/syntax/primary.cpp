// Primary and postfix expressions (XQuery 3.1, 3.1, 3.2, 3.11).
#include <algorithm>

#include "common/base/text.hpp"
#include "common/xquery/syntax/grammar.hpp"

namespace clacks::xquery::syntax {

namespace {

constexpr std::string_view kReserved[] = {"array",
                                          "attribute",
                                          "comment",
                                          "document-node",
                                          "element",
                                          "empty-sequence",
                                          "function",
                                          "if",
                                          "item",
                                          "map",
                                          "namespace-node",
                                          "node",
                                          "processing-instruction",
                                          "schema-attribute",
                                          "schema-element",
                                          "switch",
                                          "text",
                                          "typeswitch"};

}  // namespace

bool is_reserved_function_name(const Name& name) {
    return name.plain() &&
           std::find(std::begin(kReserved), std::end(kReserved), name.local) != std::end(kReserved);
}

const Expr* Parser::primary() {
    if (scan_.at_end()) return nullptr;
    const std::size_t start = scan_.token_start();
    const char c = scan_.here();
    if (is_digit(c) || (c == '.' && scan_.position() + 1 < scan_.text().size() &&
                        is_digit(scan_.text()[scan_.position() + 1])))
        return numeric_literal();
    switch (c) {
        case '"':
        case '\'': {
            const std::string_view text = string_literal();
            auto* node = make<StringLiteral>(ExprKind::string_literal, start);
            node->value = text;
            return node;
        }
        case '$': {
            const Name name = variable_name();
            auto* node = make<VariableReference>(ExprKind::variable_reference, start);
            node->name = name;
            return node;
        }
        case '(':
            return parenthesized();
        case '.':
            if (scan_.here_is("..")) return nullptr;
            scan_.advance();
            return make<ContextItem>(ExprKind::context_item, start);
        case '<':
            return direct_constructor();
        case '[':
            return square_array();
        case '?': {
            scan_.advance();
            const LookupKey key = lookup_key();
            auto* node = make<UnaryLookup>(ExprKind::unary_lookup, start);
            node->key = key;
            return node;
        }
        case '`':
            return scan_.here_is("``[") ? string_constructor() : nullptr;
        case '%': {
            const List<Annotation> notes = annotations();
            return inline_function(start, notes);
        }
        default:
            break;
    }
    if (!at_name()) return nullptr;
    if (const Expr* found = keyword_primary()) return found;
    return call_or_reference();
}

const Expr* Parser::keyword_primary() {
    const std::size_t start = scan_.token_start();
    for (const bool ordered : {true, false}) {
        const std::string_view word = ordered ? "ordered" : "unordered";
        if (!scan_.looking_at(word, "{")) continue;
        scan_.advance(word.size());
        const Expr* operand = enclosed("after the word");
        auto* node = make<OrderingExpr>(ordered ? ExprKind::ordered : ExprKind::unordered, start);
        node->operand = operand;
        return node;
    }
    if (scan_.looking_at("map", "{")) return map_constructor();
    if (scan_.looking_at("array", "{")) {
        scan_.take_word("array");
        const Expr* content = enclosed("after 'array'");
        auto* node = make<CurlyArray>(ExprKind::curly_array, start);
        node->content = content;
        return node;
    }
    if (scan_.looking_at("function", "(")) return inline_function(start, {});
    return computed_constructor();
}

const Expr* Parser::numeric_literal() {
    const std::size_t start = scan_.token_start();
    ExprKind kind = ExprKind::integer_literal;
    while (is_digit(scan_.here())) scan_.advance();
    if (scan_.here() == '.' && !scan_.here_is("..")) {
        kind = ExprKind::decimal_literal;
        scan_.advance();
        while (is_digit(scan_.here())) scan_.advance();
    }
    if (scan_.here() == 'e' || scan_.here() == 'E') {
        kind = ExprKind::double_literal;
        scan_.advance();
        if (scan_.here() == '+' || scan_.here() == '-') scan_.advance();
        if (!is_digit(scan_.here())) scan_.fail_at(start, "the number's exponent has no digits", "write 1e0");
        while (is_digit(scan_.here())) scan_.advance();
    }
    // "10div 3" is an error (A.2.2)
    if (!scan_.finished() && (is_name_start(code_point_at(scan_.text(), scan_.position()).value) ||
                              (scan_.here() == '.' && !scan_.here_is(".."))))
        scan_.fail_at(scan_.position(),
                      "a number and " + scan_.found(scan_.position()) + " need white space between them");
    const std::string_view text = scan_.from(start);
    auto* node = make<NumericLiteral>(kind, start);
    node->text = text;
    return node;
}

const Expr* Parser::parenthesized() {
    const std::size_t start = scan_.token_start();
    expect("(");
    if (scan_.take(")")) return empty_sequence(start);
    const Expr* content = expr();
    if (!scan_.take(")")) {
        const Position open = position_of(scan_.text(), start);
        scan_.fail_expected("')' for the '(' of line " + std::to_string(open.line) + ", column " +
                            std::to_string(open.column));
    }
    return content;
}

List<Parameter> Parser::parameters() {
    std::vector<Parameter> found;
    expect("(");
    if (!scan_.looking_at(")")) {
        do {
            Parameter parameter;
            parameter.name = variable_name();
            parameter.type = type_declaration();
            found.push_back(parameter);
        } while (scan_.take(","));
    }
    expect(")", "after the parameters");
    return keep(found);
}

const Expr* Parser::inline_function(std::size_t start, List<Annotation> notes) {
    if (!scan_.looking_at("function", "(")) scan_.fail_expected("'function(' after the annotation");
    scan_.take_word("function");
    const List<Parameter> declared = parameters();
    const SequenceType* result = type_declaration();
    const Expr* body = enclosed("of the function");
    auto* node = make<InlineFunction>(ExprKind::inline_function, start);
    node->annotations = notes;
    node->parameters = declared;
    node->result = result;
    node->body = body;
    return node;
}

const Expr* Parser::map_constructor() {
    const std::size_t start = scan_.token_start();
    scan_.take_word("map");
    expect("{");
    std::vector<MapEntry> entries;
    if (!scan_.looking_at("}")) {
        do {
            MapEntry entry;
            entry.key = expr_single();
            expect(":", "after the map's key");
            entry.value = expr_single();
            entries.push_back(entry);
        } while (scan_.take(","));
    }
    expect("}", "after the map's entries");
    auto* node = make<MapConstructor>(ExprKind::map_constructor, start);
    node->entries = keep(entries);
    return node;
}

const Expr* Parser::square_array() {
    const std::size_t start = scan_.token_start();
    expect("[");
    std::vector<const Expr*> members;
    if (!scan_.looking_at("]")) {
        do {
            members.push_back(expr_single());
        } while (scan_.take(","));
    }
    expect("]", "after the array's members");
    auto* node = make<SquareArray>(ExprKind::square_array, start);
    node->members = keep(members);
    return node;
}

const Expr* Parser::call_or_reference() {
    const std::size_t start = scan_.token_start();
    if (scan_.here_is("Q{")) {  // Q{uri}* is a name test
        const std::size_t close = scan_.text().find('}', start);
        if (close != std::string_view::npos && scan_.text().substr(close).starts_with("}*")) return nullptr;
    }
    const Name name = eqname("a name");
    if (scan_.looking_at("(")) {
        if (is_reserved_function_name(name)) {
            scan_.go_back(start);  // a kind test, or an error that the step finds
            return nullptr;
        }
        const List<const Expr*> given = arguments();
        auto* node = make<FunctionCall>(ExprKind::function_call, start);
        node->name = name;
        node->arguments = given;
        return node;
    }
    if (scan_.looking_at("#")) {
        if (is_reserved_function_name(name))
            scan_.fail_at(start, "'" + std::string(name.local) + "' is reserved and names no function");
        scan_.take("#");
        const std::string_view arity = digits();
        auto* node = make<NamedFunctionReference>(ExprKind::named_function_reference, start);
        node->name = name;
        node->arity = arity;
        return node;
    }
    scan_.go_back(start);
    return nullptr;
}

List<const Expr*> Parser::arguments() {
    expect("(", "before the arguments");
    std::vector<const Expr*> found;
    if (!scan_.looking_at(")")) {
        do {
            const std::size_t start = scan_.token_start();
            if (scan_.take("?")) {
                if (scan_.looking_at(",") || scan_.looking_at(")")) {
                    found.push_back(make<ArgumentPlaceholder>(ExprKind::argument_placeholder, start));
                    continue;
                }
                scan_.go_back(start);
            }
            found.push_back(expr_single());
        } while (scan_.take(","));
    }
    expect(")", "after the arguments");
    return keep(found);
}

LookupKey Parser::lookup_key() {
    const std::size_t start = scan_.token_start();
    LookupKey key;
    if (scan_.take("*")) {
        key.kind = LookupKey::Kind::wildcard;
    } else if (scan_.looking_at("(")) {
        key.kind = LookupKey::Kind::expression;
        key.expr = parenthesized();
    } else if (is_digit(scan_.here())) {
        key.kind = LookupKey::Kind::integer;
        key.text = digits();
    } else {
        key.kind = LookupKey::Kind::name;
        key.text = ncname("a key after '?'");
    }
    key.span = span_from(start);
    return key;
}

const Expr* Parser::postfix(const Expr* base, std::size_t start) {
    std::vector<Postfix> found;
    while (true) {
        const std::size_t at = scan_.token_start();
        Postfix one;
        if (scan_.looking_at("[")) {
            one.kind = Postfix::Kind::predicate;
            one.predicate = predicate();
        } else if (scan_.looking_at("(")) {
            one.kind = Postfix::Kind::arguments;
            one.arguments = arguments();
        } else if (scan_.take("?")) {
            one.kind = Postfix::Kind::lookup;
            one.key = lookup_key();
        } else {
            break;
        }
        one.span = span_from(at);
        found.push_back(one);
    }
    if (found.empty()) return base;
    auto* node = make<PostfixExpr>(ExprKind::postfix, start);
    node->base = base;
    node->postfixes = keep(found);
    return node;
}

const Expr* Parser::string_constructor() {
    const Level level(*this);
    const std::size_t start = scan_.token_start();
    expect("``[");
    std::vector<TextPart> parts;
    std::size_t from = scan_.position();
    const auto flush = [&] {
        if (scan_.position() == from) return;
        TextPart part;
        part.text = scan_.from(from);
        part.span = span(from, scan_.position());
        parts.push_back(part);
    };
    while (!scan_.here_is("]``")) {
        if (scan_.finished()) scan_.fail_at(start, "the string constructor is not closed", "end it with ]``");
        if (!scan_.here_is("`{")) {
            scan_.advance();
            continue;
        }
        flush();
        TextPart part;
        const std::size_t at = scan_.position();
        scan_.advance(2);
        part.expr = scan_.looking_at("}`") ? empty_sequence(at) : expr();
        expect("}`", "after the interpolated expression");
        part.span = span_from(at);
        parts.push_back(part);
        from = scan_.position();
    }
    flush();
    scan_.advance(3);
    auto* node = make<StringConstructor>(ExprKind::string_constructor, start);
    node->parts = keep(parts);
    return node;
}

}  // namespace clacks::xquery::syntax
