// fn:parse-xml, fn:parse-xml-fragment (Functions and Operators 3.1, 14.7).
#include <utility>

#include "common/xml/parser.hpp"
#include "common/xquery/functions/family.hpp"

namespace clacks::xquery {

namespace {

constexpr std::size_t kDepth = 5000;
constexpr std::size_t kAttributes = 10'000;

Value parse(CallContext& call, Arguments arguments, bool fragment) {
    if (arguments[0].empty()) return {};
    const std::string_view given = text(arguments[0]);
    call.steps.take(1 + given.size() / 16);
    xml::ParseLimits limits{call.arena.limit(), kDepth, kAttributes};
    // What an entity's text grows to is counted by nobody but here: only where somebody answers for the
    // query.
    limits.internal_subset = call.reached != nullptr && call.reached->resolver != nullptr;
    limits.fragment = fragment;
    limits.encoding = xml::Encoding::decoded;
    auto parsed = xml::parse_into(call.arena, given, limits);
    if (!parsed) {
        Diagnostic problem = parsed.error();
        const std::string hint = std::exchange(problem.hint, {});
        fail(Code::FODC0006, "the text is not well-formed XML: " + to_string(problem), hint);
    }
    const auto* tree =
        new (call.arena.take(sizeof(xml::Tree), alignof(xml::Tree))) xml::Tree(std::move(parsed).value());
    call.steps.take(tree->size() / 8);
    return Item::of_node(*tree, 0);
}

Value parse_xml(CallContext& call, Arguments arguments) {
    return parse(call, arguments, false);
}

Value parse_xml_fragment(CallContext& call, Arguments arguments) {
    return parse(call, arguments, true);
}

const FunctionRow kRows[] = {
    {"fn:parse-xml($arg as xs:string?) as document-node()?", parse_xml, kBaseUri | kCreates},
    {"fn:parse-xml-fragment($arg as xs:string?) as document-node()?", parse_xml_fragment,
     kBaseUri | kCreates},
};

}  // namespace

std::span<const FunctionRow> parsing_functions() {
    return kRows;
}

}  // namespace clacks::xquery
