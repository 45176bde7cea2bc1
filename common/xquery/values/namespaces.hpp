// The namespaces that are in scope at an element (XDM 3.1, 6.2).
#pragma once

#include <memory_resource>
#include <string_view>
#include <vector>

#include "common/xml/tree.hpp"
#include "common/xquery/values/arena.hpp"

namespace clacks::xquery {

inline constexpr std::string_view kXmlNamespace = "http://www.w3.org/XML/1998/namespace";
inline constexpr std::string_view kXmlnsNamespace = "http://www.w3.org/2000/xmlns/";

// Every namespace in scope at the element but xml's, inner declarations first; those undeclared are left
// out. `visit(prefix, uri)`.
template <class Visit>
void in_scope_namespaces(const xml::Tree& tree, xml::NodeIndex element, Arena& arena, Visit visit) {
    std::pmr::vector<std::string_view> seen(&arena);
    for (xml::NodeIndex at = element; at != xml::kNoNode; at = tree.parent(at)) {
        for (const xml::NamespaceBinding& binding : tree.namespaces_of(at)) {
            bool known = false;
            for (const std::string_view prefix : seen) known = known || prefix == binding.prefix;
            if (known) continue;
            seen.emplace_back(binding.prefix);
            if (!binding.uri.empty()) visit(std::string_view(binding.prefix), std::string_view(binding.uri));
        }
    }
}

}  // namespace clacks::xquery
