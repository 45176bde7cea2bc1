// Modules, the version declaration and the first part of the prolog (XQuery 3.1, 4): setters and imports.
#include "common/base/text.hpp"
#include "common/xquery/syntax/grammar.hpp"

namespace clacks::xquery::syntax {

void Parser::module() {
    version_declaration();
    Module& module = ast_.module_;
    const std::size_t start = scan_.token_start();
    if (scan_.looking_at("module", "namespace")) {
        expect_word("module");
        expect_word("namespace");
        NamespaceDeclaration declaration;
        declaration.prefix = ncname("a prefix");
        expect("=", "after the prefix");
        declaration.uri = normalised(string_literal());
        declaration.span = span_from(start);
        if (declaration.uri.empty())
            scan_.fail_at(start, "a library module needs a namespace", {}, Code::XQST0088);
        separator("after the module declaration");
        module.library = declaration;
        prolog();
    } else {
        prolog();
        if (scan_.at_end())
            scan_.fail_expected(
                scan_.position() == start ? "an expression" : "an expression after the prolog",
                "write one, such as true()");
        module.body = expr();
    }
    if (scan_.at_end()) return;
    scan_.fail_expected(module.library ? "a declaration" : "the end of the query");
}

void Parser::version_declaration() {
    const std::size_t before = scan_.position();
    const std::size_t start = scan_.token_start();
    if (!scan_.take_word("xquery")) return;
    Module& module = ast_.module_;
    if (scan_.take_word("version")) {
        module.version = string_literal();
        if (scan_.take_word("encoding")) module.encoding = string_literal();
    } else if (scan_.looking_at_word("encoding") && scan_.take_word("encoding") && at_string()) {
        module.encoding = string_literal();
    } else {
        scan_.go_back(before);
        return;
    }
    if (!module.version.empty() && module.version != "1.0" && module.version != "3.0" &&
        module.version != "3.1")
        scan_.fail_at(start, "there is no XQuery version '" + one_line(module.version, 20) + "'",
                      "write \"3.1\"", Code::XQST0031);
    for (std::size_t i = 0; i < module.encoding.size(); ++i) {
        const char c = module.encoding[i];
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && (i == 0 || (!is_digit(c) && c != '.' && c != '_' && c != '-')))
            scan_.fail_at(start, "the encoding's name is not well-formed", "write \"UTF-8\"", Code::XQST0087);
    }
    separator("after the version declaration");
}

void Parser::separator(std::string_view after) {
    if (!scan_.take(";")) scan_.fail_expected("';' " + std::string(after));
}

void Parser::prolog() {
    bool body = false;  // past the setters, imports and namespaces
    while (true) {
        const std::size_t start = scan_.token_start();
        if (setter_or_import()) {
            if (body)
                scan_.fail_at(start,
                              "this declaration must come before those of variables, functions and options",
                              "move it up");
        } else if (declaration()) {
            body = true;
        } else {
            break;
        }
        separator("after the declaration");
    }
    Prolog& prolog = ast_.module_.prolog;
    prolog.namespaces = keep(lists_.namespaces);
    prolog.decimal_formats = keep(lists_.decimal_formats);
    prolog.schema_imports = keep(lists_.schema_imports);
    prolog.module_imports = keep(lists_.module_imports);
    prolog.variables = keep(lists_.variables);
    prolog.functions = keep(lists_.functions);
    prolog.options = keep(lists_.options);
}

bool Parser::setter_or_import() {
    const std::size_t start = scan_.token_start();
    Prolog& prolog = ast_.module_.prolog;
    if (scan_.looking_at("import", "schema") || scan_.looking_at("import", "module")) {
        expect_word("import");
        if (scan_.take_word("schema")) {
            schema_import(start);
        } else {
            expect_word("module");
            module_import(start);
        }
        return true;
    }
    if (!scan_.take_word("declare")) return false;
    const auto one_of = [&](std::string_view yes, std::string_view no) {
        if (scan_.take_word(yes)) return true;
        if (!scan_.take_word(no))
            scan_.fail_expected("'" + std::string(yes) + "' or '" + std::string(no) + "'");
        return false;
    };
    if (scan_.take_word("boundary-space")) {
        set_once(prolog.preserve_boundary_space, one_of("preserve", "strip"), start, Code::XQST0068,
                 "boundary-space");
    } else if (scan_.take_word("construction")) {
        set_once(prolog.preserve_construction, one_of("preserve", "strip"), start, Code::XQST0067,
                 "construction");
    } else if (scan_.take_word("ordering")) {
        set_once(prolog.ordered, one_of("ordered", "unordered"), start, Code::XQST0065, "ordering");
    } else if (scan_.take_word("copy-namespaces")) {
        copy_namespaces(start);
    } else if (scan_.looking_at_word("base-uri")) {
        scan_.take_word("base-uri");
        const std::string_view uri = normalised(string_literal());
        set_once(prolog.base_uri, UriDeclaration{uri, span_from(start)}, start, Code::XQST0032,
                 "the base URI");
    } else if (scan_.take_word("default")) {
        default_declaration(start);
    } else if (scan_.take_word("decimal-format")) {
        decimal_format(start, false);
    } else if (scan_.take_word("namespace")) {
        namespace_declaration(start);
    } else {
        scan_.go_back(start);
        return false;
    }
    return true;
}

void Parser::namespace_declaration(std::size_t start) {
    NamespaceDeclaration declaration;
    declaration.prefix = ncname("a prefix");
    expect("=", "after the prefix");
    declaration.uri = normalised(string_literal());
    declaration.span = span_from(start);
    lists_.namespaces.push_back(declaration);
}

void Parser::default_declaration(std::size_t start) {
    Prolog& prolog = ast_.module_.prolog;
    if (scan_.take_word("collation")) {
        const std::string_view uri = normalised(string_literal());
        set_once(prolog.default_collation, UriDeclaration{uri, span_from(start)}, start, Code::XQST0038,
                 "the default collation");
    } else if (scan_.take_word("order")) {
        expect_word("empty");
        if (prolog.empty_order != EmptyOrder::unspecified)
            scan_.fail_at(start, "the default order of empty sequences is declared twice", {},
                          Code::XQST0069);
        prolog.empty_order = empty_order();
    } else if (scan_.take_word("decimal-format")) {
        decimal_format(start, true);
    } else {
        const bool element = scan_.take_word("element");
        if (!element && !scan_.take_word("function"))
            scan_.fail_expected(
                "'element', 'function', 'collation', 'order' or 'decimal-format' after 'default'");
        expect_word("namespace");
        const std::string_view uri = normalised(string_literal());
        set_once(element ? prolog.default_element_namespace : prolog.default_function_namespace,
                 UriDeclaration{uri, span_from(start)}, start, Code::XQST0066, "the default namespace");
    }
}

void Parser::decimal_format(std::size_t start, bool is_default) {
    static constexpr std::string_view kProperties[] = {
        "decimal-separator", "grouping-separator", "infinity",   "minus-sign", "NaN",
        "percent",           "per-mille",          "zero-digit", "digit",      "pattern-separator",
        "exponent-separator"};
    DecimalFormat format;
    format.is_default = is_default;
    if (!is_default) format.name = eqname("the decimal format's name");
    std::vector<DecimalFormatProperty> properties;
    while (!scan_.looking_at(";") && !scan_.at_end()) {
        const std::size_t at = scan_.token_start();
        DecimalFormatProperty property;
        property.name = ncname("a property of decimal formats");
        bool known = false;
        for (const std::string_view name : kProperties) known = known || name == property.name;
        if (!known)
            scan_.fail_at(at, "decimal formats have no property '" + std::string(property.name) + "'");
        for (const DecimalFormatProperty& other : properties) {
            if (other.name == property.name)
                scan_.fail_at(at, "the property '" + std::string(property.name) + "' is given twice", {},
                              Code::XQST0114);
        }
        expect("=", "after the property");
        property.value = string_literal();
        property.span = span_from(at);
        properties.push_back(property);
    }
    format.properties = keep(properties);
    format.span = span_from(start);
    lists_.decimal_formats.push_back(format);
}

void Parser::copy_namespaces(std::size_t start) {
    CopyNamespaces mode;
    mode.preserve = scan_.take_word("preserve");
    if (!mode.preserve) expect_word("no-preserve", "or 'preserve'");
    expect(",");
    mode.inherit = scan_.take_word("inherit");
    if (!mode.inherit) expect_word("no-inherit", "or 'inherit'");
    set_once(ast_.module_.prolog.copy_namespaces, mode, start, Code::XQST0055, "copy-namespaces");
}

std::vector<std::string_view> Parser::locations() {
    std::vector<std::string_view> found;
    if (!scan_.take_word("at")) return found;
    do {
        found.push_back(normalised(string_literal()));
    } while (scan_.take(","));
    return found;
}

void Parser::schema_import(std::size_t start) {
    SchemaImport import;
    if (scan_.take_word("namespace")) {
        import.prefix = ncname("a prefix");
        expect("=", "after the prefix");
    } else if (scan_.take_word("default")) {
        expect_word("element");
        expect_word("namespace");
        import.default_element_namespace = true;
    }
    import.uri = normalised(string_literal());
    import.locations = keep(locations());
    import.span = span_from(start);
    lists_.schema_imports.push_back(import);
}

void Parser::module_import(std::size_t start) {
    ModuleImport import;
    if (scan_.take_word("namespace")) {
        import.prefix = ncname("a prefix");
        expect("=", "after the prefix");
    }
    import.uri = normalised(string_literal());
    if (import.uri.empty()) scan_.fail_at(start, "a module's namespace cannot be empty", {}, Code::XQST0088);
    import.locations = keep(locations());
    import.span = span_from(start);
    lists_.module_imports.push_back(import);
}

}  // namespace clacks::xquery::syntax
