#include "common/xquery/analysis/scope.hpp"

#include <algorithm>

#include "common/xquery/functions/library.hpp"
#include "common/xquery/values/namespaces.hpp"

namespace clacks::xquery::analysis {

Scope::Scope(const syntax::Prolog& prolog, const CompileOptions& options)
    : default_element_(options.default_element_namespace), default_function_(kFnNamespace) {
    const std::pair<std::string_view, std::string_view> predeclared[] = {
        {"xml", kXmlNamespace}, {"xs", kXsNamespace}, {"xsi", kXsiNamespace}, {"fn", kFnNamespace}};
    for (const auto& [prefix, uri] : predeclared) namespaces_.emplace_back(prefix, uri);
    namespaces_.insert(namespaces_.end(), options.namespaces.begin(), options.namespaces.end());
    for (const auto& import : prolog.module_imports) namespaces_.emplace_back(import.prefix, import.uri);
    for (const auto& declared : prolog.namespaces) namespaces_.emplace_back(declared.prefix, declared.uri);
    if (prolog.default_element_namespace) default_element_ = prolog.default_element_namespace->uri;
    if (prolog.default_function_namespace) default_function_ = prolog.default_function_namespace->uri;
    const std::string_view collation = prolog.default_collation ? prolog.default_collation->uri
                                                                : std::string_view(options.default_collation);
    by_code_points_ = collation.empty() || collation == kCodepointCollation;
}

ExpandedName Scope::expand(const syntax::Name& name, Use use) const {
    std::string local(name.local);
    if (name.braced) return {std::string(name.uri), std::move(local)};
    if (name.prefix.empty()) {
        if (use == Use::plain) return {{}, std::move(local)};
        return {use == Use::element ? default_element_ : default_function_, std::move(local)};
    }
    const auto found = std::find_if(namespaces_.rbegin(), namespaces_.rend(),
                                    [&](const auto& binding) { return binding.first == name.prefix; });
    if (found == namespaces_.rend()) throw TooMuch();
    return {found->second, std::move(local)};
}

const Value* Scope::find(const ExpandedName& name) const {
    const auto found = std::find_if(variables_.rbegin(), variables_.rend(),
                                    [&](const auto& variable) { return variable.first == name; });
    return found == variables_.rend() ? nullptr : &found->second;
}

}  // namespace clacks::xquery::analysis
