// Modules and their prolog (XQuery 3.1, 4). Declarations keep their order within each list. The parser
// has refused what is declared twice among the setters; the rest is for analysis.
#pragma once

#include <optional>

#include "common/xquery/syntax/clause.hpp"

namespace clacks::xquery::syntax {

// declare namespace prefix = "uri"
struct NamespaceDeclaration {
    std::string_view prefix;
    std::string_view uri;
    Span span;
};

// declare default element|function namespace "uri"; base-uri, default collation
struct UriDeclaration {
    std::string_view uri;
    Span span;
};

struct CopyNamespaces {
    bool preserve = true;
    bool inherit = true;
};

struct DecimalFormatProperty {
    std::string_view name;  // "decimal-separator", …
    std::string_view value;
    Span span;
};

struct DecimalFormat {
    bool is_default = false;
    Name name;  // when not the default
    List<DecimalFormatProperty> properties;
    Span span;
};

struct SchemaImport {
    bool default_element_namespace = false;
    std::string_view prefix;  // "" when none
    std::string_view uri;
    List<std::string_view> locations;
    Span span;
};

struct ModuleImport {
    std::string_view prefix;  // "" when none
    std::string_view uri;
    List<std::string_view> locations;
    Span span;
};

struct VariableDeclaration {
    List<Annotation> annotations;
    Name name;
    const SequenceType* type = nullptr;  // null: none declared
    bool external = false;
    const Expr* value = nullptr;  // null: external without a default
    Span span;
};

struct FunctionDeclaration {
    List<Annotation> annotations;
    Name name;
    List<Parameter> parameters;
    const SequenceType* result = nullptr;  // null: none declared
    const Expr* body = nullptr;            // null: external
    Span span;
};

struct OptionDeclaration {
    Name name;
    std::string_view value;
    Span span;
};

struct ContextItemDeclaration {
    const ItemType* type = nullptr;  // null: none declared
    bool external = false;
    const Expr* value = nullptr;  // null: external without a default
    Span span;
};

struct Prolog {
    std::optional<bool> preserve_boundary_space;
    std::optional<bool> preserve_construction;
    std::optional<bool> ordered;
    std::optional<CopyNamespaces> copy_namespaces;
    EmptyOrder empty_order = EmptyOrder::unspecified;
    std::optional<UriDeclaration> base_uri;
    std::optional<UriDeclaration> default_collation;
    std::optional<UriDeclaration> default_element_namespace;
    std::optional<UriDeclaration> default_function_namespace;
    List<NamespaceDeclaration> namespaces;
    List<DecimalFormat> decimal_formats;
    List<SchemaImport> schema_imports;
    List<ModuleImport> module_imports;
    List<VariableDeclaration> variables;
    List<FunctionDeclaration> functions;
    List<OptionDeclaration> options;
    std::optional<ContextItemDeclaration> context_item;
};

struct Module {
    std::string_view version;                     // "1.0", "3.0" or "3.1"; "" when not declared
    std::string_view encoding;                    // "" when not declared
    std::optional<NamespaceDeclaration> library;  // set for a library module
    Prolog prolog;
    const Expr* body = nullptr;  // null for a library module
};

}  // namespace clacks::xquery::syntax
