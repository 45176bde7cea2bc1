// The prolog (XQuery 3.1, 4): namespaces, variables, functions, the context item.
#include <algorithm>

#include "common/xquery/functions/collations.hpp"
#include "common/xquery/plan/compiler.hpp"
#include "common/xquery/values/namespaces.hpp"

namespace clacks::xquery::plan {

namespace {

// No function may be declared in these (XQST0045).
bool is_reserved(std::string_view uri) {
    return uri == kFnNamespace || uri == kXmlNamespace || uri == kXsNamespace || uri == kXsiNamespace ||
           uri == kMathNamespace || uri == kMapNamespace || uri == kArrayNamespace;
}

}  // namespace

void Compiler::declare_namespaces(const CompileOptions& options) {
    const std::pair<std::string_view, std::string_view> predeclared[] = {
        {"xml", kXmlNamespace},     {"xs", kXsNamespace},     {"xsi", kXsiNamespace},
        {"fn", kFnNamespace},       {"math", kMathNamespace}, {"map", kMapNamespace},
        {"array", kArrayNamespace}, {"err", kErrNamespace},   {"local", kLocalNamespace}};
    for (const auto& [prefix, uri] : predeclared) program_.namespaces.emplace_back(prefix, uri);
    for (const auto& binding : options.namespaces) program_.namespaces.push_back(binding);
    program_.statics.base_uri = keep(options.base_uri);
    default_element_namespace_ = keep(options.default_element_namespace);
    program_.collation_names = options.collations;
    program_.statics.collation_names = program_.collation_names;
    if (!options.default_collation.empty()) declare_default_collation(options.default_collation, 0);
}

void Compiler::prolog() {
    const syntax::Prolog& prolog = ast_.module().prolog;
    std::vector<std::string_view> seen;
    for (const syntax::NamespaceDeclaration& declared : prolog.namespaces) {
        const std::size_t at = declared.span.offset;
        if (declared.prefix == "xml" || declared.prefix == "xmlns" || declared.uri == kXmlNamespace ||
            declared.uri == kXmlnsNamespace)
            fail_at(at, Code::XQST0070, "the prefixes xml and xmlns and their namespaces cannot be declared");
        if (std::find(seen.begin(), seen.end(), declared.prefix) != seen.end())
            fail_at(at, Code::XQST0033, "the prefix '" + std::string(declared.prefix) + "' is declared twice",
                    "leave one of them out");
        seen.push_back(declared.prefix);
        program_.namespaces.emplace_back(declared.prefix, declared.uri);
    }
    if (prolog.default_element_namespace) {
        default_element_namespace_ = keep(prolog.default_element_namespace->uri);
        program_.namespaces.emplace_back("", default_element_namespace_);
    }
    if (prolog.default_function_namespace)
        default_function_namespace_ = keep(prolog.default_function_namespace->uri);
    if (prolog.base_uri) program_.statics.base_uri = keep(prolog.base_uri->uri);
    if (prolog.default_collation)
        declare_default_collation(prolog.default_collation->uri, prolog.default_collation->span.offset);
    strip_boundary_space_ = !prolog.preserve_boundary_space.value_or(false);
    if (prolog.copy_namespaces)
        copy_modes_ = {prolog.copy_namespaces->preserve, prolog.copy_namespaces->inherit};
    empty_greatest_ = prolog.empty_order == syntax::EmptyOrder::greatest;
    program_.statics.namespaces = program_.namespaces;
    for (const syntax::OptionDeclaration& option : prolog.options) expand(option.name, Use::plain);
    refuse_imports();
    declare_functions();
    declare_variables();
    declare_context_item();
}

const Collation* Compiler::known_collation(std::string_view uri, std::size_t offset, Code unknown) {
    try {
        return find_collation(uri, program_.statics);
    } catch (const Error& error) {
        fail_at(offset, unknown, error.message, error.hint);
    }
}

void Compiler::declare_default_collation(std::string_view uri, std::size_t offset) {
    StaticInfo& statics = program_.statics;
    statics.collation = known_collation(uri, offset, Code::XQST0038);
    statics.default_collation = statics.collation == nullptr ? kCodepointCollation : statics.collation->uri();
}

void Compiler::refuse_imports() {
    const syntax::Prolog& prolog = ast_.module().prolog;
    for (const syntax::SchemaImport& import : prolog.schema_imports)
        not_supported("schema import", import.span.offset);
    for (const syntax::ModuleImport& import : prolog.module_imports)
        not_supported("module import", import.span.offset);
}

// Names and types first, bodies when all variables are known.
void Compiler::declare_functions() {
    for (const syntax::FunctionDeclaration& declared : ast_.module().prolog.functions) {
        const std::size_t at = declared.name.span.offset;
        const xml::NameView name = expand(declared.name, Use::function);
        if (name.uri.empty())
            fail_at(at, Code::XQST0060, "the function " + shown(declared.name) + "() is in no namespace",
                    "write local:" + shown(declared.name));
        if (is_reserved(name.uri))
            fail_at(at, Code::XQST0045,
                    "no function can be declared in the namespace of '" + shown(declared.name) + "'",
                    "write local:" + std::string(name.local));
        if (declared.body == nullptr) {
            not_supported("external function", at);
            continue;
        }
        for (const auto& [other, body] : functions_) {
            if (other == name && body->parameters.size() == declared.parameters.size())
                fail_at(at, Code::XQST0034, "the function " + shown(declared.name) + "() is declared twice",
                        "rename one of them");
        }
        std::vector<FunctionBody::Parameter> parameters;
        for (const syntax::Parameter& parameter : declared.parameters) {
            FunctionBody::Parameter one;
            one.name = keep(shown(parameter.name));
            if (parameter.type != nullptr) one.type = sequence_type(*parameter.type);
            for (const FunctionBody::Parameter& other : parameters) {
                if (other.name == one.name)
                    fail_at(parameter.name.span.offset, Code::XQST0039,
                            "two parameters are called $" + std::string(one.name));
            }
            parameters.push_back(one);
        }
        FunctionBody* body = program_.arena.make(FunctionBody());
        body->shown = keep(shown(declared.name));
        body->parameters = keep(parameters);
        if (declared.result != nullptr) body->result = sequence_type(*declared.result);
        functions_.emplace_back(name, body);
    }
}

std::string Compiler::signature_of(const syntax::SequenceType* type) const {
    return type == nullptr ? std::string() : std::string(ast_.text(type->span));
}

// Every variable of the prolog is in scope in all of it (XQuery 3.1, 4.16); one whose value depends on
// itself is an error when it is evaluated.
void Compiler::declare_variables() {
    declare_from_outside(options_.external_variables);
    std::vector<GlobalVariable*> made;
    for (const syntax::VariableDeclaration& declared : ast_.module().prolog.variables)
        made.push_back(declare_variable(declared));
    for (std::size_t i = 0; i < made.size(); ++i) {
        const syntax::Expr* value = ast_.module().prolog.variables[i].value;
        if (value != nullptr) made[i]->levels = levels_of([&] { made[i]->init = compile(*value); });
    }
}

// Those of the compile options that the prolog does not declare itself.
void Compiler::declare_from_outside(const std::vector<std::string>& names) {
    std::vector<xml::NameView> own;
    for (const syntax::VariableDeclaration& declared : ast_.module().prolog.variables)
        own.push_back(expand(declared.name, Use::plain));
    for (const std::string& name : names) {
        xml::NameView view{{}, keep(name), {}};
        if (const std::size_t end = name.find('}'); name.starts_with("Q{") && end != std::string::npos)
            view = {view.local.substr(2, end - 2), view.local.substr(end + 1), {}};
        if (std::find(own.begin(), own.end(), view) != own.end()) continue;
        own.push_back(view);
        GlobalVariable* variable = program_.arena.make(GlobalVariable());
        variable->name = keep("$" + std::string(view.local));
        variable->external = true;
        variable->slot = program_.slots++;
        variable->binding = static_cast<std::uint32_t>(program_.externals.size());
        program_.externals.push_back({std::string(view.uri), std::string(view.local), {}, true, false});
        globals_.emplace_back(view, variable);
    }
}

GlobalVariable* Compiler::declare_variable(const syntax::VariableDeclaration& declared) {
    const xml::NameView name = expand(declared.name, Use::plain);
    for (const auto& [other, variable] : globals_) {
        if (other == name)
            fail_at(declared.name.span.offset, Code::XQST0049,
                    "the variable $" + shown(declared.name) + " is declared twice", "rename one of them");
    }
    GlobalVariable* variable = program_.arena.make(GlobalVariable());
    variable->name = keep("$" + shown(declared.name));
    variable->external = declared.external;
    if (declared.type != nullptr) {
        variable->typed = true;
        variable->type = sequence_type(*declared.type);
    }
    variable->slot = program_.slots++;
    if (declared.external) {
        variable->binding = static_cast<std::uint32_t>(program_.externals.size());
        program_.externals.push_back(
            {std::string(name.uri), std::string(name.local), signature_of(declared.type),
             !variable->typed || variable->type.allows_empty(), declared.value != nullptr});
    }
    globals_.emplace_back(name, variable);
    return variable;
}

void Compiler::declare_context_item() {
    const auto& declared = ast_.module().prolog.context_item;
    if (!declared) return;
    program_.context_offset = declared->span.offset;
    if (declared->type != nullptr) {
        program_.context_required_type = true;
        program_.context_type.item = item_type(*declared->type);
        program_.context_type.occurrence = Occurrence::one;
    }
    if (declared->value != nullptr) levels_of([&] { program_.context_default = compile(*declared->value); });
}

void Compiler::compile_functions() {
    std::size_t i = 0;
    for (const syntax::FunctionDeclaration& declared : ast_.module().prolog.functions) {
        if (declared.body == nullptr) continue;
        FunctionBody& body = *functions_[i++].second;
        const Scope scope(*this);
        body.first_slot = program_.slots;
        std::vector<FunctionBody::Parameter> parameters(body.parameters.begin(), body.parameters.end());
        for (std::size_t p = 0; p < parameters.size(); ++p)
            parameters[p].slot = bind(declared.parameters[p].name, traits_of(parameters[p].type));
        body.parameters = keep(parameters);
        body.levels = levels_of([&] { body.body = compile(*declared.body); });
        body.slots = program_.slots - body.first_slot;
    }
}

}  // namespace clacks::xquery::plan
