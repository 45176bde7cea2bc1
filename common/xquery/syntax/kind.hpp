// The kinds of expression, and what the specification calls them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace clacks::xquery::syntax {

// Structs that serve several kinds need them side by side.
enum class ExprKind : std::uint8_t {
    integer_literal,
    decimal_literal,
    double_literal,
    string_literal,
    variable_reference,
    context_item,
    sequence,
    argument_placeholder,
    function_call,
    named_function_reference,
    inline_function,
    map_constructor,
    square_array,
    curly_array,
    string_constructor,
    ordered,
    unordered,
    unary_lookup,
    postfix,
    axis_step,
    path,
    or_,  // Chain: from here
    and_,
    concat,
    additive,
    multiplicative,
    union_,
    intersect_except,
    simple_map,        // to here
    value_comparison,  // Comparison
    general_comparison,
    node_comparison,
    range,
    unary,
    instance_of,  // TypeExpr
    treat,
    castable,  // CastExpr
    cast,
    arrow,
    flwor,
    quantified,
    if_,
    switch_,
    typeswitch_,
    try_catch,
    validate,
    extension,
    direct_element,
    direct_text,
    enclosed_content,
    direct_comment,
    direct_processing_instruction,
    computed_element,  // ComputedConstructor: from here
    computed_attribute,
    computed_namespace,
    computed_processing_instruction,
    computed_document,
    computed_text,
    computed_comment,  // to here
};
inline constexpr std::size_t kExprKindCount = static_cast<std::size_t>(ExprKind::computed_comment) + 1;

// For errors, as the specification says it: "typeswitch expression", "direct element constructor".
std::string_view construct_name(ExprKind kind);

}  // namespace clacks::xquery::syntax
