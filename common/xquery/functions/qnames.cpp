// Functions on QNames (Functions and Operators 3.1, 10).
#include <algorithm>
#include <string>
#include <vector>

#include "common/base/text.hpp"
#include "common/xml/characters.hpp"
#include "common/xquery/functions/family.hpp"
#include "common/xquery/values/namespaces.hpp"

namespace clacks::xquery {

namespace {

struct Parts {
    std::string_view prefix, local;
};

Parts split(std::string_view lexical, Code code) {
    const std::size_t colon = lexical.find(':');
    Parts parts;
    parts.local = lexical;
    if (colon != std::string_view::npos) parts = {lexical.substr(0, colon), lexical.substr(colon + 1)};
    if (!xml::is_ncname(parts.local) || (colon != std::string_view::npos && !xml::is_ncname(parts.prefix)))
        fail(code, "'" + one_line(lexical, 60) + "' is not a QName");
    return parts;
}

Value qname(CallContext& call, Arguments arguments) {
    const std::string_view uri = text(arguments[0]);
    const Parts parts = split(text(arguments[1]), Code::FOCA0002);
    if (uri.empty() && !parts.prefix.empty())
        fail(Code::FOCA0002, "a QName with a prefix needs a namespace",
             "give the namespace's URI as first argument");
    return Item::of_qname(*call.arena.make(QName{uri, parts.local, parts.prefix}));
}

Value resolve_qname(CallContext& call, Arguments arguments) {
    if (arguments[0].empty()) return {};
    const Parts parts = split(xml::trim(text(arguments[0])), Code::FOCA0002);
    const Item& element = arguments[1].front();
    const std::string_view uri = element.tree->namespace_for(element.node(), parts.prefix);
    if (uri.empty() && !parts.prefix.empty())
        fail(Code::FONS0004, "the prefix '" + std::string(parts.prefix) + "' is not bound at the element");
    return Item::of_qname(*call.arena.make(QName{uri, parts.local, parts.prefix}));
}

Value prefix_from(CallContext&, Arguments arguments) {
    if (arguments[0].empty() || arguments[0].front().qname().prefix.empty()) return {};
    return Item::of_text(arguments[0].front().qname().prefix, Type::ncname);
}

Value local_from(CallContext&, Arguments arguments) {
    if (arguments[0].empty()) return {};
    return Item::of_text(arguments[0].front().qname().local, Type::ncname);
}

Value namespace_from(CallContext&, Arguments arguments) {
    if (arguments[0].empty()) return {};
    return Item::of_text(arguments[0].front().qname().uri, Type::any_uri);
}

Value namespace_for_prefix(CallContext&, Arguments arguments) {
    const Item& element = arguments[1].front();
    const std::string_view uri = element.tree->namespace_for(element.node(), text(arguments[0]));
    if (uri.empty()) return {};
    return Item::of_text(uri, Type::any_uri);
}

Value in_scope_prefixes(CallContext& call, Arguments arguments) {
    const Item& element = arguments[0].front();
    SequenceBuilder out(call.arena);
    out.add(Item::of_text("xml"));
    in_scope_namespaces(*element.tree, element.node(), call.arena,
                        [&](std::string_view prefix, std::string_view) {
                            call.steps.take();
                            out.add(Item::of_text(prefix));
                        });
    return out.value();
}

const FunctionRow kRows[] = {
    {"fn:QName($uri as xs:string?, $qname as xs:string) as xs:QName", qname},
    {"fn:resolve-QName($qname as xs:string?, $element as element()) as xs:QName?", resolve_qname},
    {"fn:prefix-from-QName($qname as xs:QName?) as xs:NCName?", prefix_from},
    {"fn:local-name-from-QName($qname as xs:QName?) as xs:NCName?", local_from},
    {"fn:namespace-uri-from-QName($qname as xs:QName?) as xs:anyURI?", namespace_from},
    {"fn:namespace-uri-for-prefix($prefix as xs:string?, $element as element()) as xs:anyURI?",
     namespace_for_prefix},
    {"fn:in-scope-prefixes($element as element()) as xs:string*", in_scope_prefixes},
};

}  // namespace

std::span<const FunctionRow> name_functions() {
    return kRows;
}

}  // namespace clacks::xquery
