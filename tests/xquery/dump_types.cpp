#include "common/xquery/syntax/expression.hpp"
#include "tests/xquery/dump.hpp"

namespace clacks::xquery::syntax {

std::string dump(const Name& name) {
    if (name.braced) return "Q{" + std::string(name.uri) + "}" + std::string(name.local);
    return (name.prefix.empty() ? "" : std::string(name.prefix) + ":") + std::string(name.local);
}

std::string dump(const NameTest& test) {
    switch (test.wildcard) {
        case Wildcard::none:
            return dump(test.name);
        case Wildcard::any:
            return "*";
        case Wildcard::any_local:
            return test.name.braced ? dump(test.name) + "*" : std::string(test.name.prefix) + ":*";
        case Wildcard::any_prefix:
            return "*:" + std::string(test.name.local);
    }
    return "?";
}

std::string dump(const KindTest& test) {
    static constexpr const char* kWords[] = {
        "node",          "text",    "comment",   "namespace-node", "processing-instruction",
        "document-node", "element", "attribute", "schema-element", "schema-attribute"};
    std::string inside;
    if (test.inside != nullptr) inside = dump(*test.inside);
    if (test.has_name)
        inside =
            test.kind == KindTest::Kind::processing_instruction ? std::string(test.target) : dump(test.name);
    if (test.has_type)
        inside += (test.has_name ? ", " : "*, ") + dump(test.type) + (test.nillable ? "?" : "");
    return std::string(kWords[static_cast<int>(test.kind)]) + "(" + inside + ")";
}

std::string dump(const ItemType& type) {
    using K = ItemType::Kind;
    switch (type.kind) {
        case K::item:
            return "item()";
        case K::atomic:
            return dump(type.name);
        case K::node:
            return dump(*type.node);
        case K::any_function:
            return dump(type.annotations) + "function(*)";
        case K::function: {
            std::string parameters;
            for (const SequenceType& one : type.parameters)
                parameters += (parameters.empty() ? "" : ", ") + dump(one);
            return dump(type.annotations) + "function(" + parameters + ") as " + dump(*type.result);
        }
        case K::any_map:
            return "map(*)";
        case K::map:
            return "map(" + dump(type.name) + ", " + dump(*type.result) + ")";
        case K::any_array:
            return "array(*)";
        case K::array:
            return "array(" + dump(*type.result) + ")";
    }
    return "?";
}

std::string dump(const SequenceType& type) {
    static constexpr const char* kOccurrences[] = {"", "?", "*", "+"};
    if (type.empty) return "empty-sequence()";
    return dump(type.item) + kOccurrences[static_cast<int>(type.occurrence)];
}

std::string dump(List<Annotation> annotations) {
    std::string out;
    for (const Annotation& one : annotations) {
        out += "%" + dump(one.name);
        for (const Expr* value : one.values) out += " " + dump(*value);
        out += " ";
    }
    return out;
}

std::string dump(List<Parameter> parameters) {
    std::string out;
    for (const Parameter& one : parameters)
        out += (out.empty() ? "$" : ", $") + dump(one.name) +
               (one.type == nullptr ? "" : " as " + dump(*one.type));
    return "(" + out + ")";
}

}  // namespace clacks::xquery::syntax
