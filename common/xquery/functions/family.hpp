// What the families of functions share. Each family is one file with one table.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "common/xquery/functions/library.hpp"
#include "common/xquery/values/atomize.hpp"
#include "common/xquery/values/compare.hpp"

namespace clacks::xquery {

using Arguments = std::span<const Value>;

std::span<const FunctionRow> node_functions();
std::span<const FunctionRow> id_functions();
std::span<const FunctionRow> deep_equal_functions();
std::span<const FunctionRow> name_functions();
std::span<const FunctionRow> numeric_functions();
std::span<const FunctionRow> math_functions();
std::span<const FunctionRow> string_functions();
std::span<const FunctionRow> matching_functions();
std::span<const FunctionRow> pattern_functions();
std::span<const FunctionRow> uri_functions();
std::span<const FunctionRow> uri_resolution_functions();
std::span<const FunctionRow> boolean_functions();
std::span<const FunctionRow> sequence_functions();
std::span<const FunctionRow> aggregate_functions();
std::span<const FunctionRow> context_functions();
std::span<const FunctionRow> parsing_functions();
std::span<const FunctionRow> serialization_functions();
std::span<const FunctionRow> constructor_functions();
std::span<const FunctionRow> document_functions();
std::span<const FunctionRow> date_time_functions();
std::span<const FunctionRow> ietf_date_functions();
std::span<const FunctionRow> date_format_functions();
std::span<const FunctionRow> integer_format_functions();
std::span<const FunctionRow> number_format_functions();
std::span<const FunctionRow> random_functions();
std::span<const FunctionRow> higher_order_functions();
std::span<const FunctionRow> map_functions();
std::span<const FunctionRow> array_functions();
std::span<const FunctionRow> text_resource_functions();
std::span<const FunctionRow> environment_functions();
std::span<const FunctionRow> json_functions();

// Functions that reach outside and are not in the tables; each as "prefix:local".
std::span<const std::string_view> outside_names();

// The text of an xs:string? argument: "" for the empty sequence.
inline std::string_view text(const Value& argument) {
    return argument.empty() ? std::string_view() : argument.front().text();
}
// Steps for looking at an atomic item once: more for long texts.
inline std::uint64_t cost(const Item& item) {
    return 1 + (is_textual(item.type) ? item.text().size() / 64 : 0);
}
// Steps for walking a text.
inline void charge(CallContext& call, std::size_t bytes) {
    call.steps.take(1 + bytes / 64);
}
// For a text that is built outside the arena: fails as exceeding the limit of memory does.
inline void need_room(CallContext& call, const std::string& text) {
    if (text.size() > call.arena.limit()) call.arena.take(text.size());
}
inline Value made(CallContext& call, std::string_view text) {
    return Item::of_text(call.arena.copy(text));
}
// The argument, or the context item where it was left out; XPDY0002 without one.
Value or_context(CallContext& call, Arguments arguments);
// The same as a node; XPTY0004 for another context item.
Value node_or_context(CallContext& call, Arguments arguments);

// The order in which the values, which are atomic, sort as keys (fn:sort): indices, equal keys as they were.
std::span<const std::uint64_t> sorted(CallContext& call, std::span<const Value> keys,
                                      const Collation* collation);

// The collation named by arguments[index], or the default one; FOCH0002 where there is none.
const Collation* collation(CallContext& call, Arguments arguments, std::size_t index);
// What compares by code points as the text does under the collation.
inline std::string_view collation_key(std::string_view text, const Collation* collation, Arena& arena) {
    return collation == nullptr ? text : collation->key(text, arena);
}
// Offset of the part in the text, or npos; linear whatever the texts, as std::string_view::find is not.
std::size_t find_text(std::string_view text, std::string_view part);

// A position or length of fn:substring and fn:subsequence, rounded as fn:round does; NaN and INF stay.
double rounded_position(double value);

// Whether a text may be a URI or a relative reference, as far as fn:resolve-uri looks.
bool is_uri_reference(std::string_view text);

// `relative` against the absolute URI `base` (RFC 3986, 5.2), in the arena; FORG0002 where either is
// no such URI.
std::string_view resolve(std::string_view relative, std::string_view base, Arena& arena);

// fn:deep-equal of two items (F&O 3.1, 14.2.2), and of sequences.
bool deep_equal(CallContext& call, const Item& a, const Item& b, const Collation* collation);
bool deep_equal(CallContext& call, const Value& a, const Value& b, const Collation* collation);

}  // namespace clacks::xquery
