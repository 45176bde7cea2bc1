// Conditions, quantifiers, switches and try (XQuery 3.1, 3.14 to 3.17).
#include "common/xquery/syntax/grammar.hpp"

namespace clacks::xquery::syntax {

const Expr* Parser::control() {
    if (at_flwor()) return flwor();
    if (scan_.looking_at("some", "$") || scan_.looking_at("every", "$")) return quantified();
    if (scan_.looking_at("if", "(")) return if_expr();
    if (scan_.looking_at("switch", "(")) return switch_expr();
    if (scan_.looking_at("typeswitch", "(")) return typeswitch();
    if (scan_.looking_at("try", "{")) return try_catch();
    return nullptr;
}

const Expr* Parser::quantified() {
    const std::size_t start = scan_.token_start();
    const bool every = scan_.take_word("every");
    if (!every) expect_word("some");
    std::vector<QuantifiedBinding> bindings;
    do {
        QuantifiedBinding binding;
        binding.variable = variable_name();
        binding.type = type_declaration();
        expect_word("in", "after the variable");
        binding.in = expr_single();
        bindings.push_back(binding);
    } while (scan_.take(","));
    expect_word("satisfies", every ? "in the every expression" : "in the some expression");
    const Expr* satisfies = expr_single();
    auto* node = make<Quantified>(ExprKind::quantified, start);
    node->every = every;
    node->bindings = keep(bindings);
    node->satisfies = satisfies;
    return node;
}

const Expr* Parser::if_expr() {
    const std::size_t start = scan_.token_start();
    expect_word("if");
    expect("(");
    const Expr* condition = expr();
    expect(")", "after the condition");
    if (!scan_.take_word("then"))
        scan_.fail_expected("'then' after the condition",
                            scan_.looking_at("{") ? "write if (…) then … else …, without braces" : "");
    const Expr* then = expr_single();
    if (!scan_.take_word("else"))
        scan_.fail_expected("'else' after the 'then' branch",
                            "write 'else ()' where there is nothing to give");
    const Expr* otherwise = expr_single();
    auto* node = make<If>(ExprKind::if_, start);
    node->condition = condition;
    node->then = then;
    node->otherwise = otherwise;
    return node;
}

const Expr* Parser::switch_expr() {
    const std::size_t start = scan_.token_start();
    expect_word("switch");
    expect("(");
    const Expr* operand = expr();
    expect(")", "after the switch operand");
    std::vector<SwitchCase> cases;
    while (scan_.looking_at_word("case")) {
        std::vector<const Expr*> values;
        while (scan_.take_word("case")) values.push_back(expr_single());
        SwitchCase one;
        one.values = keep(values);
        expect_word("return", "after 'case'");
        one.result = expr_single();
        cases.push_back(one);
    }
    if (cases.empty()) scan_.fail_expected("'case' in the switch expression");
    expect_word("default", "after the cases");
    expect_word("return", "after 'default'");
    const Expr* otherwise = expr_single();
    auto* node = make<Switch>(ExprKind::switch_, start);
    node->operand = operand;
    node->cases = keep(cases);
    node->otherwise = otherwise;
    return node;
}

const Expr* Parser::typeswitch() {
    const std::size_t start = scan_.token_start();
    expect_word("typeswitch");
    expect("(");
    const Expr* operand = expr();
    expect(")", "after the typeswitch operand");
    std::vector<TypeswitchCase> cases;
    while (scan_.take_word("case")) {
        TypeswitchCase one;
        if (scan_.looking_at("$")) {
            one.has_variable = true;
            one.variable = variable_name();
            expect_word("as", "after the variable");
        }
        std::vector<SequenceType> types{sequence_type()};
        while (scan_.take("|")) types.push_back(sequence_type());
        one.types = keep(types);
        expect_word("return", "after 'case'");
        one.result = expr_single();
        cases.push_back(one);
    }
    if (cases.empty()) scan_.fail_expected("'case' in the typeswitch expression");
    TypeswitchCase otherwise;
    expect_word("default", "after the cases");
    if (scan_.looking_at("$")) {
        otherwise.has_variable = true;
        otherwise.variable = variable_name();
    }
    expect_word("return", "after 'default'");
    otherwise.result = expr_single();
    auto* node = make<Typeswitch>(ExprKind::typeswitch_, start);
    node->operand = operand;
    node->cases = keep(cases);
    node->otherwise = otherwise;
    return node;
}

const Expr* Parser::try_catch() {
    const std::size_t start = scan_.token_start();
    expect_word("try");
    const Expr* body = enclosed("after 'try'");
    std::vector<Catch> catches;
    while (scan_.looking_at_word("catch")) {
        const std::size_t at = scan_.token_start();
        expect_word("catch");
        Catch one;
        std::vector<NameTest> errors;
        do {
            errors.push_back(name_test());
        } while (scan_.take("|"));
        one.errors = keep(errors);
        one.body = enclosed("after 'catch'");
        one.span = span_from(at);
        catches.push_back(one);
    }
    if (catches.empty()) scan_.fail_expected("'catch' after the try clause", "write catch * { … }");
    auto* node = make<TryCatch>(ExprKind::try_catch, start);
    node->body = body;
    node->catches = keep(catches);
    return node;
}

}  // namespace clacks::xquery::syntax
