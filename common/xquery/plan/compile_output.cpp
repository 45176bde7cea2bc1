// Output declarations (XQuery 3.1, 2.2.4): declare option output:method "json".
#include <algorithm>

#include "common/xquery/functions/family.hpp"
#include "common/xquery/plan/compiler.hpp"
#include "common/xquery/serialize/settings.hpp"

namespace clacks::xquery::plan {

namespace {

// The first element of a parameter document.
xml::NodeIndex root_of(const xml::Tree& tree) {
    for (xml::NodeIndex i = 0; i < tree.size(); ++i) {
        if (tree.kind(i) == xml::NodeKind::element) return i;
    }
    return 0;
}

}  // namespace

void Compiler::declare_output() {
    program_.output.default_namespace = default_element_namespace_;
    for (const syntax::OptionDeclaration& option : ast_.module().prolog.options) {
        const xml::NameView name = expand(option.name, Use::plain);
        if (name.uri != kOutputNamespace) continue;
        if (ast_.module().library)
            fail_at(option.span, Code::XQST0108, "a library module cannot declare output",
                    "declare it in the main module");
        declare_output(option);
    }
}

void Compiler::declare_output(const syntax::OptionDeclaration& option) {
    const std::string_view name = option.name.local;
    const syntax::Span at = option.span;
    auto& declarations = program_.output.declarations;
    const bool twice = std::any_of(declarations.begin(), declarations.end(),
                                   [&](const auto& other) { return other.name == name; });
    if (twice)
        fail_at(at, Code::XQST0110, "the output parameter '" + std::string(name) + "' is declared twice",
                "leave one of them out");
    if (name == "parameter-document") {
        program_.output.document = parameter_document(option);
    } else if (!is_parameter(name)) {
        fail_at(at, Code::XQST0109, "there is no output parameter '" + std::string(name) + "'",
                name == "use-character-maps" ? "put character maps into a parameter document" : "");
    }
    declarations.push_back({std::string(name), std::string(option.value), at.offset});
}

std::shared_ptr<const xml::Tree> Compiler::parameter_document(const syntax::OptionDeclaration& option) {
    const syntax::Span at = option.span;
    std::string uri(option.value);
    try {
        if (!module_.statics.base_uri.empty())
            uri = resolve(option.value, module_.statics.base_uri, program_.arena);
    } catch (const Error&) {
        fail_at(at, Code::XQST0046, "'" + uri + "' is not a URI");
    }
    const auto document = program_.resolver ? program_.resolver->document(uri)
                                            : Result<std::shared_ptr<const xml::Tree>>(Diagnostic{});
    if (!document)
        fail_at(at, Code::XQST0119,
                "the parameter document " + uri + " cannot be had" +
                    (document.error().message.empty() ? "" : ": " + document.error().message),
                "declare the parameters one by one");
    try {
        SerializationParameters unused;
        read_parameters(unused, **document, root_of(**document));
    } catch (const Error& error) {
        fail_at(at, error.code == Code::XPTY0004 ? Code::XQST0119 : Code::XQST0115, error.message,
                error.hint);
    }
    return *document;
}

}  // namespace clacks::xquery::plan

namespace clacks::xquery::detail {

void apply_output(const Program& program, SerializationParameters& parameters) {
    const Program::Output& output = program.output;
    if (output.document) read_parameters(parameters, *output.document, plan::root_of(*output.document));
    const auto& namespaces = program.main().namespaces;
    const auto prefixes = [&](std::string_view prefix) -> std::optional<std::string> {
        if (prefix.empty()) return output.default_namespace;
        for (auto binding = namespaces.rbegin(); binding != namespaces.rend(); ++binding) {
            if (binding->first == prefix) return std::string(binding->second);
        }
        return std::nullopt;
    };
    for (const Program::OutputDeclaration& one : output.declarations) {
        if (one.name == "parameter-document") continue;
        try {
            set_parameter(parameters, one.name, one.value, prefixes);
        } catch (Error& error) {
            error.offset = one.offset;
            throw;
        }
    }
}

}  // namespace clacks::xquery::detail
