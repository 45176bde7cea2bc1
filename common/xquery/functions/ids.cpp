// fn:id, fn:element-with-id and fn:idref (Functions and Operators 3.1, 14.5). Without a schema only xml:id
// makes an ID, so both of the first give the same, and nothing is an IDREF.
#include <algorithm>
#include <vector>

#include "common/xml/characters.hpp"
#include "common/xquery/functions/family.hpp"
#include "common/xquery/values/namespaces.hpp"

namespace clacks::xquery {

namespace {

using xml::NodeIndex;
using xml::NodeKind;

// The tree of the node that is the second argument or the context item; its root must be a document.
const xml::Tree& document_of(CallContext& call, Arguments arguments) {
    const Value node = node_or_context(call, arguments.subspan(1));
    const xml::Tree& tree = *node.front().tree;
    if (tree.kind(0) != NodeKind::document)
        fail(Code::FODC0001, "IDs are looked for in documents, and the node's root is none",
             "put the nodes into document { … }");
    return tree;
}

// The names in the texts, sorted.
std::pmr::vector<std::string_view> names_in(CallContext& call, const Value& texts) {
    std::pmr::vector<std::string_view> names(&call.arena);
    for (const Item item : texts) {
        std::string_view rest = item.text();
        charge(call, rest.size());
        while (!rest.empty()) {
            rest = xml::trim(rest);
            const auto end = std::find_if(rest.begin(), rest.end(), xml::is_space);
            const auto size = static_cast<std::size_t>(end - rest.begin());
            if (xml::is_ncname(rest.substr(0, size))) names.push_back(rest.substr(0, size));
            rest.remove_prefix(size);
        }
    }
    call.steps.take(names.size());
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

Value id(CallContext& call, Arguments arguments) {
    const xml::Tree& tree = document_of(call, arguments);
    std::pmr::vector<std::string_view> wanted = names_in(call, arguments[0]);
    SequenceBuilder found(call.arena);
    call.steps.take(tree.size() / 8);
    for (NodeIndex i = 0; i < tree.size() && !wanted.empty(); ++i) {
        if (tree.kind(i) != NodeKind::attribute) continue;
        const xml::Name& name = tree.name(i);
        if (name.local != "id" || name.uri != kXmlNamespace) continue;
        const std::string_view value = xml::trim(tree.string_value(i));
        charge(call, value.size());
        const auto at = std::lower_bound(wanted.begin(), wanted.end(), value);
        if (at == wanted.end() || *at != value) continue;
        found.add(Item::of_node(tree, tree.parent(i)));
        wanted.erase(at);  // of equal IDs the first counts
    }
    return found.value();
}

Value idref(CallContext& call, Arguments arguments) {
    document_of(call, arguments);
    return {};
}

const FunctionRow kRows[] = {
    {"fn:id($values as xs:string* [, $node as node()]) as element()*", id, kContextItemIfOmitted},
    {"fn:element-with-id($values as xs:string* [, $node as node()]) as element()*", id,
     kContextItemIfOmitted},
    {"fn:idref($values as xs:string* [, $node as node()]) as node()*", idref, kContextItemIfOmitted},
};

}  // namespace

std::span<const FunctionRow> id_functions() {
    return kRows;
}

}  // namespace clacks::xquery
