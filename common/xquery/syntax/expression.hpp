// Expressions (XQuery 3.1, 3), one struct a construct. An Expr is told by its kind and read with as<T>.
//
// Parentheses leave no trace but the shape they force. Chains of one precedence (1 + 2 - 3, a/b/c,
// $f(1)[2]?x) are flat lists, so that the depth of a tree is bounded by the nesting limit and never by
// the length of the text. No pointer to an Expr is null unless said; "{}" is an empty Sequence.
#pragma once

#include <cassert>

#include "common/xquery/syntax/kind.hpp"
#include "common/xquery/syntax/types.hpp"

namespace clacks::xquery::syntax {

struct Clause;

struct Expr {
    ExprKind kind;
    Span span;
};

template <class T>
const T& as(const Expr& expr) {
    assert(T::is(expr.kind));
    return static_cast<const T&>(expr);
}

// Gives a struct its kinds, [first, last] in the order of ExprKind.
template <ExprKind first, ExprKind last = first>
struct ExprOf : Expr {
    static constexpr bool is(ExprKind k) { return k >= first && k <= last; }
};

// ---- 3.1 primary expressions ----

// kinds integer_literal, decimal_literal, double_literal: the text as written.
struct NumericLiteral : ExprOf<ExprKind::integer_literal, ExprKind::double_literal> {
    std::string_view text;
};

struct StringLiteral : ExprOf<ExprKind::string_literal> {
    std::string_view value;  // references and doubled quotes replaced
};

struct VariableReference : ExprOf<ExprKind::variable_reference> {
    Name name;
};

struct ContextItem : ExprOf<ExprKind::context_item> {};

// "(a, b)" and the comma of an enclosed expression; no items for "()".
struct Sequence : ExprOf<ExprKind::sequence> {
    List<const Expr*> items;
};

// The "?" among the arguments of a partial application.
struct ArgumentPlaceholder : ExprOf<ExprKind::argument_placeholder> {};

struct FunctionCall : ExprOf<ExprKind::function_call> {
    Name name;
    List<const Expr*> arguments;
};

struct NamedFunctionReference : ExprOf<ExprKind::named_function_reference> {
    Name name;
    std::string_view arity;  // digits as written
};

struct Annotation {
    Name name;
    List<const Expr*> values;  // literals
    Span span;
};

struct Parameter {
    Name name;
    const SequenceType* type = nullptr;  // null: none declared
};

struct InlineFunction : ExprOf<ExprKind::inline_function> {
    List<Annotation> annotations;
    List<Parameter> parameters;
    const SequenceType* result = nullptr;  // null: none declared
    const Expr* body = nullptr;
};

struct MapEntry {
    const Expr* key = nullptr;
    const Expr* value = nullptr;
};

struct MapConstructor : ExprOf<ExprKind::map_constructor> {
    List<MapEntry> entries;
};

struct SquareArray : ExprOf<ExprKind::square_array> {
    List<const Expr*> members;
};

struct CurlyArray : ExprOf<ExprKind::curly_array> {
    const Expr* content = nullptr;
};

// A run of characters, or an enclosed expression when expr is not null.
struct TextPart {
    std::string_view text;
    const Expr* expr = nullptr;
    Span span;
};

struct StringConstructor : ExprOf<ExprKind::string_constructor> {
    List<TextPart> parts;
};

// kinds ordered, unordered
struct OrderingExpr : ExprOf<ExprKind::ordered, ExprKind::unordered> {
    const Expr* operand = nullptr;
};

// The key of a lookup: ?name ?1 ?(expr) ?*
struct LookupKey {
    enum class Kind : std::uint8_t { name, integer, expression, wildcard };
    Kind kind = Kind::wildcard;
    std::string_view text;       // name, integer
    const Expr* expr = nullptr;  // expression
    Span span;
};

struct UnaryLookup : ExprOf<ExprKind::unary_lookup> {
    LookupKey key;
};

// ---- 3.2 postfix expressions and 3.3 paths ----

struct Postfix {
    enum class Kind : std::uint8_t { predicate, arguments, lookup };
    Kind kind = Kind::predicate;
    const Expr* predicate = nullptr;
    List<const Expr*> arguments;
    LookupKey key;
    Span span;
};

// base, then at least one of [predicate], (arguments), ?key
struct PostfixExpr : ExprOf<ExprKind::postfix> {
    const Expr* base = nullptr;
    List<Postfix> postfixes;
};

enum class Axis : std::uint8_t {
    child,
    descendant,
    attribute,
    self,
    descendant_or_self,
    following_sibling,
    following,
    parent,  // reverse from here on
    ancestor,
    preceding_sibling,
    preceding,
    ancestor_or_self,
};

// Abbreviations are written out: "@a" has axis attribute, ".." is parent::node(), a name alone is
// child:: (attribute:: for attribute() and schema-attribute() tests).
struct AxisStep : ExprOf<ExprKind::axis_step> {
    Axis axis = Axis::child;
    NodeTest test;
    List<const Expr*> predicates;
};

// [/] step/step…; "//" is written out as the step descendant-or-self::node(). A single step without a
// leading slash is that step alone and no Path; "/" alone is from_root without steps.
struct Path : ExprOf<ExprKind::path> {
    bool from_root = false;
    List<const Expr*> steps;
};

// ---- operators, 3.3.5 to 3.21 ----

enum class Operator : std::uint8_t {
    or_,
    and_,
    concat,
    plus,
    minus,
    multiply,
    divide,
    integer_divide,
    modulo,
    union_,
    intersect,
    except,
    map,
    // comparisons: value, general, node
    eq,
    ne,
    lt,
    le,
    gt,
    ge,
    general_eq,
    general_ne,
    general_lt,
    general_le,
    general_gt,
    general_ge,
    is,
    precedes,
    follows,
};

// As a query would write it: "idiv", "<<".
std::string_view operator_text(Operator op);

struct Operand {
    Operator op = Operator::or_;  // before the expression
    Span op_span;
    const Expr* expr = nullptr;
};

// Left-associative chains of one precedence: or, and, concat (||), additive, multiplicative, union,
// intersect_except, simple_map (!). At least one of `rest`.
struct Chain : ExprOf<ExprKind::or_, ExprKind::simple_map> {
    const Expr* first = nullptr;
    List<Operand> rest;
};

// kinds value_comparison, general_comparison, node_comparison
struct Comparison : ExprOf<ExprKind::value_comparison, ExprKind::node_comparison> {
    Operator op = Operator::eq;
    Span op_span;
    const Expr* left = nullptr;
    const Expr* right = nullptr;
};

struct Range : ExprOf<ExprKind::range> {
    const Expr* from = nullptr;
    const Expr* to = nullptr;
};

// Any number of signs folded into one.
struct Unary : ExprOf<ExprKind::unary> {
    bool negative = false;
    const Expr* operand = nullptr;
};

// kinds instance_of, treat
struct TypeExpr : ExprOf<ExprKind::instance_of, ExprKind::treat> {
    const Expr* operand = nullptr;
    const SequenceType* type = nullptr;
};

// kinds castable, cast
struct CastExpr : ExprOf<ExprKind::castable, ExprKind::cast> {
    const Expr* operand = nullptr;
    SingleType type;
};

// => name(…), => $variable(…), => (expression)(…)
struct ArrowCall {
    Name name;                       // when function is null
    const Expr* function = nullptr;  // a variable reference or a parenthesized expression
    List<const Expr*> arguments;     // without the one from the left
    Span span;
};

struct Arrow : ExprOf<ExprKind::arrow> {
    const Expr* operand = nullptr;
    List<ArrowCall> calls;
};

// ---- 3.12 FLWOR, 3.14 to 3.17 control ----

struct Flwor : ExprOf<ExprKind::flwor> {
    List<const Clause*> clauses;  // "for $a in x, $b in y" is two of them
    const Expr* result = nullptr;
};

struct QuantifiedBinding {
    Name variable;
    const SequenceType* type = nullptr;  // null: none declared
    const Expr* in = nullptr;
};

struct Quantified : ExprOf<ExprKind::quantified> {
    bool every = false;
    List<QuantifiedBinding> bindings;
    const Expr* satisfies = nullptr;
};

struct If : ExprOf<ExprKind::if_> {
    const Expr* condition = nullptr;
    const Expr* then = nullptr;
    const Expr* otherwise = nullptr;
};

struct SwitchCase {
    List<const Expr*> values;
    const Expr* result = nullptr;
};

struct Switch : ExprOf<ExprKind::switch_> {
    const Expr* operand = nullptr;
    List<SwitchCase> cases;
    const Expr* otherwise = nullptr;
};

struct TypeswitchCase {
    bool has_variable = false;
    Name variable;
    List<SequenceType> types;  // empty for default
    const Expr* result = nullptr;
};

struct Typeswitch : ExprOf<ExprKind::typeswitch_> {
    const Expr* operand = nullptr;
    List<TypeswitchCase> cases;
    TypeswitchCase otherwise;
};

struct Catch {
    List<NameTest> errors;
    const Expr* body = nullptr;
    Span span;
};

struct TryCatch : ExprOf<ExprKind::try_catch> {
    const Expr* body = nullptr;
    List<Catch> catches;
};

// ---- 3.19 validate, 3.20 extensions ----

struct Validate : ExprOf<ExprKind::validate> {
    enum class Mode : std::uint8_t { unspecified, lax, strict, type };
    Mode mode = Mode::unspecified;
    Name type;
    const Expr* operand = nullptr;
};

struct Pragma {
    Name name;
    std::string_view content;  // without leading white space
    Span span;
};

struct Extension : ExprOf<ExprKind::extension> {
    List<Pragma> pragmas;
    const Expr* operand = nullptr;  // null: no fallback
};

// ---- 3.9 node constructors ----

// Each in the order written; attribute values are normalised as XML 1.0 3.3.3 does it.
struct DirectAttribute {
    Name name;
    List<TextPart> value;
    Span span;
};

// xmlns="uri" (prefix empty) or xmlns:prefix="uri"
struct NamespaceAttribute {
    std::string_view prefix;
    std::string_view uri;
    Span span;
};

struct DirectElement : ExprOf<ExprKind::direct_element> {
    Name name;
    List<NamespaceAttribute> namespaces;
    List<DirectAttribute> attributes;
    List<const Expr*> content;  // DirectText, direct constructors, EnclosedContent
};

struct DirectText : ExprOf<ExprKind::direct_text> {
    std::string_view value;
    bool boundary = false;  // boundary white space (3.9.1.4): dropped under "boundary-space strip"
};

// "{ expr }" in element content: adjacent atomic values of one are joined by spaces, of two are not.
struct EnclosedContent : ExprOf<ExprKind::enclosed_content> {
    const Expr* expr = nullptr;
};

struct DirectComment : ExprOf<ExprKind::direct_comment> {
    std::string_view text;
};

struct DirectProcessingInstruction : ExprOf<ExprKind::direct_processing_instruction> {
    std::string_view target;
    std::string_view text;
};

// kinds computed_element, computed_attribute, computed_namespace, computed_processing_instruction:
// `name` as written (prefix or target in name.local), or computed by name_expr when not null.
// kinds computed_document, computed_text, computed_comment: content only.
struct ComputedConstructor : ExprOf<ExprKind::computed_element, ExprKind::computed_comment> {
    Name name;
    const Expr* name_expr = nullptr;
    const Expr* content = nullptr;
};

}  // namespace clacks::xquery::syntax
