#include "tests/xquery/dump.hpp"

namespace clacks::xquery::syntax {

namespace {

std::string strings(List<std::string_view> items) {
    std::string out;
    for (const std::string_view item : items) out += " " + quoted(item);
    return out;
}

std::string prefixed(std::string_view prefix, std::string_view uri) {
    return std::string(prefix) + "=" + quoted(uri);
}

std::string value(const Expr* expr, bool external) {
    return (external ? " external" : "") + (expr == nullptr ? std::string() : " := " + dump(*expr));
}

std::string format(const DecimalFormat& format) {
    std::string out = "{decimal-format " + (format.is_default ? "default" : dump(format.name));
    for (const DecimalFormatProperty& p : format.properties) out += " " + prefixed(p.name, p.value);
    return out + "}";
}

std::string setters(const Prolog& prolog) {
    std::string out;
    const auto flag = [&](const char* name, const std::optional<bool>& set) {
        if (set) out += std::string("{") + name + (*set ? " yes}" : " no}");
    };
    const auto uri = [&](const char* name, const std::optional<UriDeclaration>& set) {
        if (set) out += std::string("{") + name + " " + quoted(set->uri) + "}";
    };
    flag("preserve-boundary-space", prolog.preserve_boundary_space);
    flag("preserve-construction", prolog.preserve_construction);
    flag("ordered", prolog.ordered);
    if (prolog.copy_namespaces)
        out += std::string("{copy-namespaces ") + (prolog.copy_namespaces->preserve ? "" : "no-") +
               "preserve " + (prolog.copy_namespaces->inherit ? "" : "no-") + "inherit}";
    if (prolog.empty_order == EmptyOrder::greatest) out += "{empty greatest}";
    if (prolog.empty_order == EmptyOrder::least) out += "{empty least}";
    uri("base-uri", prolog.base_uri);
    uri("collation", prolog.default_collation);
    uri("element-namespace", prolog.default_element_namespace);
    uri("function-namespace", prolog.default_function_namespace);
    return out;
}

std::string imports(const Prolog& prolog) {
    std::string out;
    for (const auto& n : prolog.namespaces) out += "{namespace " + prefixed(n.prefix, n.uri) + "}";
    for (const auto& d : prolog.decimal_formats) out += format(d);
    for (const auto& s : prolog.schema_imports)
        out += "{schema " + std::string(s.default_element_namespace ? "default " : "") +
               prefixed(s.prefix, s.uri) + strings(s.locations) + "}";
    for (const auto& m : prolog.module_imports)
        out += "{module " + prefixed(m.prefix, m.uri) + strings(m.locations) + "}";
    return out;
}

std::string declarations(const Prolog& prolog) {
    std::string out;
    if (prolog.context_item) {
        const ContextItemDeclaration& item = *prolog.context_item;
        out += "{context-item" + (item.type == nullptr ? "" : " as " + dump(*item.type)) +
               value(item.value, item.external) + "}";
    }
    for (const auto& v : prolog.variables)
        out += "{" + dump(v.annotations) + "$" + dump(v.name) +
               (v.type == nullptr ? "" : " as " + dump(*v.type)) + value(v.value, v.external) + "}";
    for (const auto& f : prolog.functions)
        out += "{" + dump(f.annotations) + "function " + dump(f.name) + dump(f.parameters) +
               (f.result == nullptr ? "" : " as " + dump(*f.result)) +
               (f.body == nullptr ? " external" : " " + dump(*f.body)) + "}";
    for (const auto& o : prolog.options) out += "{option " + dump(o.name) + " " + quoted(o.value) + "}";
    return out;
}

}  // namespace

std::string dump(const Module& module) {
    std::string out;
    if (!module.version.empty() || !module.encoding.empty())
        out += "{xquery " + quoted(module.version) + " " + quoted(module.encoding) + "}";
    if (module.library) out += "{library " + prefixed(module.library->prefix, module.library->uri) + "}";
    out += setters(module.prolog) + imports(module.prolog) + declarations(module.prolog);
    if (module.body != nullptr) out += (out.empty() ? "" : " ") + dump(*module.body);
    return out;
}

}  // namespace clacks::xquery::syntax
