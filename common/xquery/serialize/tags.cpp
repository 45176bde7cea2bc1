#include "common/xquery/serialize/tags.hpp"

#include "common/xquery/values/namespaces.hpp"

namespace clacks::xquery {

std::size_t OutputNamespaces::open() {
    mark_ = bindings_.size();
    return mark_;
}

std::string_view OutputNamespaces::bound(std::string_view prefix) const {
    if (prefix == "xml") return kXmlNamespace;
    for (auto binding = bindings_.rbegin(); binding != bindings_.rend(); ++binding) {
        if (binding->prefix == prefix) return binding->uri;
    }
    return {};
}

bool OutputNamespaces::declare(std::string_view prefix, std::string_view uri) {
    if (bound(prefix) == uri) return true;
    for (const Binding& binding : *this) {
        if (binding.prefix == prefix) return false;
    }
    bindings_.push_back({std::string(prefix), std::string(uri)});
    return true;
}

std::string OutputNamespaces::attribute_prefix(const xml::Name& name) {
    if (name.uri.empty()) return {};
    if (!name.prefix.empty() && declare(name.prefix, name.uri)) return std::string(name.prefix);
    for (auto binding = bindings_.rbegin(); binding != bindings_.rend(); ++binding) {
        const bool fits = !binding->prefix.empty() && std::string_view(binding->uri) == name.uri;
        if (fits && bound(binding->prefix) == std::string_view(name.uri)) return binding->prefix;
    }
    for (std::size_t i = 0;; ++i) {
        std::string made = "ns" + std::to_string(i);
        if (bound(made).empty() && declare(made, name.uri)) return made;
    }
}

std::string qualified(std::string_view prefix, std::string_view local) {
    return prefix.empty() ? std::string(local) : std::string(prefix) + ":" + std::string(local);
}

}  // namespace clacks::xquery
