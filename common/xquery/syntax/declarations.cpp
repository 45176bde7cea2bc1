// The second part of the prolog (XQuery 3.1, 4): variables, functions, options, context item.
#include <algorithm>

#include "common/base/text.hpp"
#include "common/xquery/syntax/grammar.hpp"

namespace clacks::xquery::syntax {

namespace {

// "declare" before one of these is an element's name.
bool is_operator_word(std::string_view word) {
    static constexpr std::string_view kWords[] = {
        "and", "or", "div",   "idiv",      "mod",    "eq",       "ne",    "lt",       "le",   "gt",
        "ge",  "is", "union", "intersect", "except", "instance", "treat", "castable", "cast", "to"};
    return std::find(std::begin(kWords), std::end(kWords), word) != std::end(kWords);
}

std::string declaration_hint(std::string_view word) {
    if (word == "variable") return "write $ before the variable's name";
    const std::string near =
        nearest(word, {"variable", "function", "option", "namespace", "default", "context", "base-uri",
                       "ordering", "construction", "boundary-space", "copy-namespaces", "decimal-format"});
    return near.empty() ? "" : "did you mean '" + near + "'?";
}

}  // namespace

List<Annotation> Parser::annotations() {
    std::vector<Annotation> found;
    while (scan_.looking_at("%")) {
        const std::size_t start = scan_.token_start();
        scan_.take("%");
        Annotation annotation;
        annotation.name = eqname("the annotation's name");
        std::vector<const Expr*> values;
        if (scan_.take("(")) {
            do {
                const std::size_t at = scan_.token_start();
                if (at_string()) {
                    const std::string_view text = string_literal();
                    auto* node = make<StringLiteral>(ExprKind::string_literal, at);
                    node->value = text;
                    values.push_back(node);
                } else if (!scan_.at_end() && (is_digit(scan_.here()) || scan_.here() == '.')) {
                    values.push_back(numeric_literal());
                } else {
                    scan_.fail_expected("a literal in the annotation");
                }
            } while (scan_.take(","));
            expect(")", "after the annotation's values");
        }
        annotation.values = keep(values);
        annotation.span = span_from(start);
        found.push_back(annotation);
    }
    return keep(found);
}

bool Parser::declaration() {
    const std::size_t start = scan_.token_start();
    if (!scan_.take_word("declare")) return false;
    if (scan_.looking_at("context", "item")) {
        context_item_declaration(start);
        return true;
    }
    if (scan_.looking_at("option", ":=") || scan_.looking_at_word("option")) {
        option_declaration(start);
        return true;
    }
    const List<Annotation> notes = annotations();
    if (scan_.looking_at("variable", "$")) {
        variable_declaration(start, notes);
    } else if (scan_.looking_at_word("function")) {
        function_declaration(start, notes);
    } else {
        const std::string_view word = scan_.peek_word();
        if (!notes.empty() || (!word.empty() && !is_operator_word(word)))
            scan_.fail_expected(
                "'variable $', 'function', 'option', 'namespace' or another declaration after 'declare'",
                declaration_hint(word));
        scan_.go_back(start);  // "declare" is an element's name here
        return false;
    }
    return true;
}

void Parser::context_item_declaration(std::size_t start) {
    expect_word("context");
    expect_word("item");
    ContextItemDeclaration declaration;
    if (scan_.take_word("as")) {
        auto* type = place<ItemType>();
        *type = item_type();
        declaration.type = type;
    }
    declaration.external = scan_.take_word("external");
    if (scan_.take(":=")) {
        declaration.value = expr_single();
    } else if (!declaration.external) {
        scan_.fail_expected("':=' or 'external'");
    }
    declaration.span = span_from(start);
    set_once(ast_.module_.prolog.context_item, declaration, start, Code::XQST0099, "the context item");
}

void Parser::variable_declaration(std::size_t start, List<Annotation> notes) {
    expect_word("variable");
    VariableDeclaration declaration;
    declaration.annotations = notes;
    declaration.name = variable_name();
    declaration.type = type_declaration();
    declaration.external = scan_.take_word("external");
    if (scan_.take(":=")) {
        declaration.value = expr_single();
    } else if (!declaration.external) {
        scan_.fail_expected("':=' or 'external' after the variable",
                            scan_.looking_at("=") ? "write ':='" : "");
    }
    declaration.span = span_from(start);
    lists_.variables.push_back(declaration);
}

void Parser::function_declaration(std::size_t start, List<Annotation> notes) {
    expect_word("function");
    FunctionDeclaration declaration;
    declaration.annotations = notes;
    declaration.name = eqname("the function's name");
    if (is_reserved_function_name(declaration.name))
        scan_.fail_at(local(declaration.name.span),
                      "'" + std::string(declaration.name.local) + "' is reserved and can name no function",
                      "give it a prefix, as in local:" + std::string(declaration.name.local));
    declaration.parameters = parameters();
    declaration.result = type_declaration();
    if (!scan_.take_word("external")) declaration.body = enclosed("of the function");
    declaration.span = span_from(start);
    lists_.functions.push_back(declaration);
}

void Parser::option_declaration(std::size_t start) {
    expect_word("option");
    OptionDeclaration declaration;
    declaration.name = eqname("the option's name");
    declaration.value = string_literal();
    declaration.span = span_from(start);
    lists_.options.push_back(declaration);
}

}  // namespace clacks::xquery::syntax
