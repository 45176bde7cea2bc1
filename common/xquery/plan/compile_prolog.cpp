// The prolog (XQuery 3.1, 4): namespaces, variables, functions, the context item.
#include <algorithm>

#include "common/base/text.hpp"
#include "common/xml/characters.hpp"
#include "common/xquery/functions/collations.hpp"
#include "common/xquery/functions/family.hpp"
#include "common/xquery/plan/compiler.hpp"
#include "common/xquery/values/namespaces.hpp"

namespace clacks::xquery::plan {

namespace {

// No function may be declared in these (XQST0045).
bool is_reserved(std::string_view uri) {
    return uri == kFnNamespace || uri == kXmlNamespace || uri == kXsNamespace || uri == kXsiNamespace ||
           uri == kMathNamespace || uri == kMapNamespace || uri == kArrayNamespace;
}

constexpr std::string_view kXQueryNamespace = "http://www.w3.org/2012/xquery";

// Names of annotations without a prefix are in the namespace of XQuery's own (XQuery 3.1, 4.15).
bool is_private(syntax::List<syntax::Annotation> annotations) {
    return std::any_of(annotations.begin(), annotations.end(), [](const syntax::Annotation& one) {
        return one.name.local == "private" && (one.name.plain() || one.name.uri == kXQueryNamespace);
    });
}

}  // namespace

template <class Try>
bool Compiler::attempt(Try step) {
    try {
        step();
        return true;
    } catch (Error& error) {
        if (error.code == Code::limit_memory) throw;
        refuse(std::move(error));
        return false;
    }
}

template <class Declaration, class Declare>
bool Compiler::declare_each(syntax::List<Declaration> declarations, Declare declare) {
    bool all = true;
    for (const Declaration& declared : declarations) all = attempt([&] { declare(declared); }) && all;
    return all;
}

void Compiler::declare_namespaces(const CompileOptions& options) {
    const NamespaceBinding predeclared[] = {
        {"xml", kXmlNamespace},     {"xs", kXsNamespace},     {"xsi", kXsiNamespace},
        {"fn", kFnNamespace},       {"math", kMathNamespace}, {"map", kMapNamespace},
        {"array", kArrayNamespace}, {"err", kErrNamespace},   {"local", kLocalNamespace}};
    module_.namespaces.reserve(std::size(predeclared) + options.namespaces.size() + 1);
    module_.namespaces.insert(module_.namespaces.end(), std::begin(predeclared), std::end(predeclared));
    if (module_.statics.base_uri.empty()) module_.statics.base_uri = keep(options.base_uri);
    module_.statics.regexes = &program_.regexes;
    if (ast_.module().library) return;
    for (const auto& [prefix, uri] : options.namespaces)
        module_.namespaces.emplace_back(keep(prefix), keep(uri));
    default_element_namespace_ = keep(options.default_element_namespace);
    if (!default_element_namespace_.empty()) module_.namespaces.emplace_back("", default_element_namespace_);
    if (!options.default_collation.empty()) declare_default_collation(options.default_collation, {});
    declare_decimal_formats(options);
}

// The one of this name, with the standard's properties where there is none yet.
NamedDecimalFormat& Compiler::decimal_format(std::string_view uri, std::string_view local) {
    for (NamedDecimalFormat& known : decimal_formats_) {
        if (known.uri == uri && known.local == local) return known;
    }
    return decimal_formats_.emplace_back(NamedDecimalFormat{keep(uri), keep(local), {}});
}

void Compiler::set_property(DecimalFormat& format, std::string_view property, std::string_view value,
                            syntax::Span at) {
    if (!format.set(property, value))
        fail_at(
            at, Code::XQST0097,
            "'" + one_line(value, 60) + "' cannot be the " + std::string(property) + " of a decimal format",
            property == "zero-digit" ? "it is the zero of a set of decimal digits" : "it is one character");
}

void Compiler::check_format(const DecimalFormat& format, syntax::Span at) {
    const auto twice = format.used_twice();
    if (!twice) return;
    std::string shown;
    xml::append_utf8(shown, *twice);
    fail_at(at, Code::XQST0098, "the decimal format gives '" + shown + "' two meanings",
            "choose another character for one of them");
}

void Compiler::declare_decimal_formats(const CompileOptions& options) {
    for (const CompileOptions::DecimalFormat& given : options.decimal_formats) {
        std::string_view uri, local = given.name;
        if (const std::size_t end = local.find('}');
            local.starts_with("Q{") && end != std::string_view::npos) {
            uri = local.substr(2, end - 2);
            local.remove_prefix(end + 1);
        }
        DecimalFormat& format = decimal_format(uri, local).format;
        for (const auto& [property, value] : given.properties)
            set_property(format, property, keep(value), {});
        check_format(format, {});
    }
}

bool Compiler::declare_decimal_formats() {
    std::vector<xml::NameView> seen;
    const bool all = declare_each(ast_.module().prolog.decimal_formats, [&](const auto& declared) {
        const syntax::Span at = declared.span;
        const xml::NameView name = declared.is_default ? xml::NameView() : expand(declared.name, Use::plain);
        if (std::find(seen.begin(), seen.end(), name) != seen.end())
            fail_at(at, Code::XQST0111, "this decimal format is declared twice", "leave one of them out");
        seen.push_back(name);
        DecimalFormat& format = decimal_format(name.uri, name.local).format;
        format = {};
        for (const syntax::DecimalFormatProperty& property : declared.properties)
            set_property(format, property.name, keep(property.value), property.span);
        check_format(format, at);
    });
    module_.statics.decimal_formats = keep(decimal_formats_);
    return all;
}

bool Compiler::declare_prefixes() {
    const syntax::Prolog& prolog = ast_.module().prolog;
    std::vector<std::string_view> seen;
    bool all = true;
    const auto bind_prefix = [&](const syntax::NamespaceDeclaration& declared) {
        const syntax::Span at = declared.span;
        if (declared.prefix == "xml" || declared.prefix == "xmlns" || declared.uri == kXmlNamespace ||
            declared.uri == kXmlnsNamespace)
            fail_at(at, Code::XQST0070, "the prefixes xml and xmlns and their namespaces cannot be declared");
        if (std::find(seen.begin(), seen.end(), declared.prefix) != seen.end())
            fail_at(at, Code::XQST0033, "the prefix '" + std::string(declared.prefix) + "' is declared twice",
                    "leave one of them out");
        seen.push_back(declared.prefix);
        module_.namespaces.emplace_back(keep(declared.prefix), keep(declared.uri));
    };
    const auto declare = [&](const syntax::NamespaceDeclaration& declared) {
        all = attempt([&] { bind_prefix(declared); }) && all;
    };
    if (const auto& library = ast_.module().library) declare(*library);
    for (const syntax::ModuleImport& import : prolog.module_imports) {
        if (!import.prefix.empty()) declare({import.prefix, import.uri, import.span});
    }
    for (const syntax::NamespaceDeclaration& declared : prolog.namespaces) declare(declared);
    return all;
}

bool Compiler::declare_default_namespaces() {
    const syntax::Prolog& prolog = ast_.module().prolog;
    bool all = true;
    for (const auto* declared : {&prolog.default_element_namespace, &prolog.default_function_namespace}) {
        all = attempt([&] {
                  if (*declared && ((*declared)->uri == kXmlNamespace || (*declared)->uri == kXmlnsNamespace))
                      fail_at((*declared)->span, Code::XQST0070,
                              "the namespaces of xml and xmlns cannot be default ones");
              }) &&
              all;
    }
    if (prolog.default_element_namespace) {
        default_element_namespace_ = keep(prolog.default_element_namespace->uri);
        module_.namespaces.emplace_back("", default_element_namespace_);
    }
    if (prolog.default_function_namespace)
        default_function_namespace_ = keep(prolog.default_function_namespace->uri);
    return all;
}

// What is refused hinders the rest in nothing.
bool Compiler::prolog() {
    const syntax::Prolog& prolog = ast_.module().prolog;
    bool all = declare_prefixes();
    all = declare_default_namespaces() && all;
    if (prolog.base_uri) declare_base_uri(prolog.base_uri->uri);
    if (const auto& collation = prolog.default_collation)
        all = attempt([&] { declare_default_collation(collation->uri, collation->span); }) && all;
    strip_boundary_space_ = !prolog.preserve_boundary_space.value_or(false);
    if (prolog.copy_namespaces)
        copy_modes_ = {prolog.copy_namespaces->preserve, prolog.copy_namespaces->inherit};
    empty_greatest_ = prolog.empty_order == syntax::EmptyOrder::greatest;
    module_.statics.namespaces = module_.namespaces;
    all = attempt([&] { declare_output(); }) && all;
    all = declare_decimal_formats() && all;
    all = declare_imports() && all;
    all = declare_functions() && all;
    return declare_variables() && all;
}

// A relative one counts from where the module is.
void Compiler::declare_base_uri(std::string_view uri) {
    std::string_view& base = module_.statics.base_uri;
    try {
        base = base.empty() ? keep(uri) : keep(resolve(uri, base, program_.arena));
    } catch (const Error&) {
        base = keep(uri);
    }
}

const Collation* Compiler::known_collation(std::string_view uri, syntax::Span at, Code unknown) {
    try {
        return find_collation(uri, module_.statics);
    } catch (const Error& error) {
        fail_at(at, unknown, error.message, error.hint);
    }
}

void Compiler::declare_default_collation(std::string_view uri, syntax::Span at) {
    StaticInfo& statics = module_.statics;
    statics.collation = known_collation(uri, at, Code::XQST0038);
    statics.default_collation = statics.collation == nullptr ? kCodepointCollation : statics.collation->uri();
}

bool Compiler::declare_imports() {
    const syntax::Prolog& prolog = ast_.module().prolog;
    const bool schemas = declare_each(prolog.schema_imports, [&](const auto& import) {
        if (import.uri.empty() && !import.prefix.empty())
            fail_at(import.span, Code::XQST0057, "a prefix is bound to no namespace",
                    "leave 'namespace " + std::string(import.prefix) + " =' out");
        for (const std::string_view location : import.locations) {
            if (!is_uri_reference(location))
                fail_at(import.span, Code::XQST0046,
                        "the location '" + one_line(location, 100) + "' is not a URI");
        }
        fail_at(import.span, Code::XQST0009, "schemas cannot be imported",
                "leave the import out; nodes are untyped");
    });
    std::vector<std::string_view> seen;
    const bool modules = declare_each(prolog.module_imports, [&](const auto& import) {
        if (std::find(seen.begin(), seen.end(), import.uri) != seen.end())
            fail_at(import.span, Code::XQST0047,
                    "the namespace '" + std::string(import.uri) + "' is imported twice",
                    "import it once, with all locations after one 'at'");
        seen.push_back(import.uri);
    });
    return schemas && modules;
}

void Compiler::refuse_import(Error error) {
    declared_ = false;
    refuse(std::move(error));
}

void Compiler::import(const Compiler& library, syntax::Span at) {
    if (!library.declared()) {  // its errors are told; names of its would be missed here
        declared_ = false;
        return;
    }
    for (std::size_t i = 0; i < library.own_globals_; ++i) {
        const auto& [name, variable] = library.globals_[i];
        if (variable->is_private) continue;
        for (const auto& [other, known] : globals_) {
            if (other == name && known != variable)
                fail_at(at, Code::XQST0049,
                        "the variable " + std::string(variable->name) + " of this module is declared already",
                        "rename one of them");
        }
        globals_.emplace_back(name, variable);
    }
    for (std::size_t i = 0; i < library.own_functions_; ++i) {
        const auto& [name, body] = library.functions_[i];
        if (body->is_private) continue;
        for (const auto& [other, known] : functions_) {
            if (other == name && known != body && known->parameters.size() == body->parameters.size())
                fail_at(at, Code::XQST0034,
                        "the function " + std::string(body->shown) + "() of this module is declared already",
                        "rename one of them");
        }
        functions_.emplace_back(name, body);
    }
}

// A library module declares nothing but in its own namespace.
void Compiler::check_target(const xml::NameView& name, const syntax::Name& written) const {
    const auto& library = ast_.module().library;
    if (!library || name.uri == library->uri) return;
    fail_at(written.span, Code::XQST0048,
            "'" + shown(written) + "' is not in the module's namespace '" + std::string(library->uri) + "'",
            "write " + std::string(library->prefix) + ":" + std::string(name.local));
}

void Compiler::check_annotations(syntax::List<syntax::Annotation> annotations, Code conflict) {
    std::size_t visibilities = 0;
    for (const syntax::Annotation& one : annotations) {
        const std::string_view uri = one.name.plain() ? kXQueryNamespace : expand(one.name, Use::plain).uri;
        const bool visibility =
            uri == kXQueryNamespace && (one.name.local == "private" || one.name.local == "public");
        if (is_reserved(uri) || (uri == kXQueryNamespace && !visibility))
            fail_at(one.span, Code::XQST0045,
                    "there is no annotation %" + shown(one.name) + " in a namespace of the standard's",
                    "use a namespace of your own");
        if (visibility && conflict == Code::XQST0125)
            fail_at(one.span, conflict, "an inline function is neither public nor private");
        if (visibility && ++visibilities > 1)
            fail_at(one.span, conflict, "%public and %private are said more than once");
    }
}

// Names and types first, bodies when all variables are known.
bool Compiler::declare_functions() {
    const bool all = declare_each(ast_.module().prolog.functions,
                                  [&](const auto& declared) { declare_function(declared); });
    own_functions_ = functions_.size();
    return all;
}

void Compiler::declare_function(const syntax::FunctionDeclaration& declared) {
    const syntax::Span at = declared.name.span;
    const xml::NameView name = expand(declared.name, Use::function);
    if (name.uri.empty())
        fail_at(at, Code::XQST0060, "the function " + shown(declared.name) + "() is in no namespace",
                "write local:" + shown(declared.name));
    if (is_reserved(name.uri))
        fail_at(at, Code::XQST0045,
                "no function can be declared in the namespace of '" + shown(declared.name) + "'",
                "write local:" + std::string(name.local));
    check_target(name, declared.name);
    if (declared.body == nullptr)
        fail_at(
            at, Code::XPST0017,
            "the function " + shown(declared.name) + "() is external, and none is given from outside here",
            "write its body: { … }");
    for (const auto& [other, body] : functions_) {
        if (other == name && body->parameters.size() == declared.parameters.size())
            fail_at(at, Code::XQST0034, "the function " + shown(declared.name) + "() is declared twice",
                    "rename one of them");
    }
    check_annotations(declared.annotations, Code::XQST0106);
    FunctionBody* body = program_.arena.make(FunctionBody());
    body->shown = keep(shown(declared.name));
    body->program = &program_;
    body->module = &module_.statics;
    body->is_private = is_private(declared.annotations);
    body->parameters = parameters_of(declared.parameters);
    if (declared.result != nullptr) body->result = sequence_type(*declared.result);
    body->item =
        program_.arena.make(DeclaredFunction(*body, program_.arena.make(name), types_of(body->parameters)));
    functions_.emplace_back(name, body);
}

std::string Compiler::signature_of(const syntax::SequenceType* type) const {
    return type == nullptr ? std::string() : std::string(ast_.text(type->span));
}

// Every variable of the prolog is in scope in all of it (XQuery 3.1, 4.16); one whose value depends on
// itself is an error when it is evaluated.
bool Compiler::declare_variables() {
    const bool all = declare_each(ast_.module().prolog.variables,
                                  [&](const auto& declared) { declare_variable(declared); });
    if (!ast_.module().library) declare_from_outside(options_.external_variables);
    own_globals_ = globals_.size();
    return all;
}

void Compiler::compile_variables() {
    std::size_t i = 0;
    for (const syntax::VariableDeclaration& declared : ast_.module().prolog.variables) {
        GlobalVariable& variable = *globals_[i++].second;
        if (declared.value == nullptr) continue;
        const Within within(within_, decltype(within_)(&variable));
        variable.levels =
            levels_of([&] { variable.init = compile_within(Reach::with_declaration, *declared.value); });
        if (!variable.typed) continue;
        const Within reach(reach_, Reach::perhaps);
        tell(match_problem(variable.init->traits, variable.type, "the value of " + std::string(variable.name),
                           Code::XPTY0004),
             declared.value->span);
    }
}

GlobalVariable* Compiler::new_global(std::string_view local) {
    GlobalVariable* variable = program_.arena.make(GlobalVariable());
    variable->name = keep("$" + std::string(local));
    variable->module = &module_.statics;
    variable->slot = program_.slots++;
    program_.prolog_slots = program_.slots;
    return variable;
}

// Those of the compile options that the prolog does not declare itself.
void Compiler::declare_from_outside(const std::vector<std::string>& names) {
    std::vector<xml::NameView> own;
    for (const auto& [declared, variable] : globals_) own.push_back(declared);
    for (const std::string& name : names) {
        xml::NameView view{{}, keep(name), {}};
        if (const std::size_t end = name.find('}'); name.starts_with("Q{") && end != std::string::npos)
            view = {view.local.substr(2, end - 2), view.local.substr(end + 1), {}};
        if (std::find(own.begin(), own.end(), view) != own.end()) continue;
        own.push_back(view);
        GlobalVariable* variable = new_global(view.local);
        variable->external = true;
        variable->binding = static_cast<std::uint32_t>(program_.externals.size());
        program_.externals.push_back({std::string(view.uri), std::string(view.local), {}, true, false});
        globals_.emplace_back(view, variable);
    }
}

void Compiler::declare_variable(const syntax::VariableDeclaration& declared) {
    const xml::NameView name = expand(declared.name, Use::plain);
    check_target(name, declared.name);
    check_annotations(declared.annotations, Code::XQST0116);
    for (const auto& [other, variable] : globals_) {
        if (other == name)
            fail_at(declared.name.span, Code::XQST0049,
                    "the variable $" + shown(declared.name) + " is declared twice", "rename one of them");
    }
    GlobalVariable* variable = new_global(shown(declared.name));
    variable->offset = declared.name.span.offset;
    variable->is_private = is_private(declared.annotations);
    variable->external = declared.external;
    if (declared.type != nullptr) {
        variable->typed = true;
        variable->type = sequence_type(*declared.type);
    }
    if (declared.external) {
        variable->binding = static_cast<std::uint32_t>(program_.externals.size());
        program_.externals.push_back(
            {std::string(name.uri), std::string(name.local), signature_of(declared.type),
             !variable->typed || variable->type.allows_empty(), declared.value != nullptr});
    }
    globals_.emplace_back(name, variable);
}

void Compiler::declare_context_item() {
    const auto& declared = ast_.module().prolog.context_item;
    if (!declared) return;
    program_.context_offset = declared->span.offset;
    if (declared->type != nullptr) {
        SequenceType& type = program_.context_types.emplace_back();
        type.item = item_type(*declared->type);
        type.occurrence = Occurrence::one;
    }
    if (declared->value != nullptr)
        levels_of([&] { program_.context_default = compile_perhaps(*declared->value); });
}

void Compiler::compile_functions() {
    std::size_t i = 0;
    for (const syntax::FunctionDeclaration& declared : ast_.module().prolog.functions) {
        if (declared.body == nullptr) continue;
        const Scope scope(*this);
        FunctionBody& body = *functions_[i++].second;
        const Within within(within_, decltype(within_)(&body));
        compile_body(body, declared.parameters, *declared.body);
    }
}

}  // namespace clacks::xquery::plan
