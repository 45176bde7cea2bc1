// Names and types: from what the query wrote to what it means.
#include <algorithm>

#include "common/base/text.hpp"
#include "common/xquery/plan/compiler.hpp"

namespace clacks::xquery::plan {

namespace {

// Those of which an untyped node is.
constexpr std::string_view kElementTypes[] = {"anyType", "untyped"};
constexpr std::string_view kAttributeTypes[] = {"anyType", "anySimpleType", "anyAtomicType", "untypedAtomic"};

bool is_any_of(std::string_view name, std::span<const std::string_view> names) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

// "xs:integer" for a slip of it, or "".
std::string nearest_type(std::string_view local) {
    std::vector<std::string> names;
    for (std::size_t t = static_cast<std::size_t>(Type::any_atomic); t < kTypeCount; ++t) {
        const std::string_view name = type_name(static_cast<Type>(t));
        names.emplace_back(name.substr(name.find(':') + 1));
    }
    const std::string near = nearest(local, names);
    return near.empty() ? near : "xs:" + near;
}

Occurrence occurrence_of(syntax::Occurrence written) {
    switch (written) {
        case syntax::Occurrence::one:
            return Occurrence::one;
        case syntax::Occurrence::optional:
            return Occurrence::optional;
        case syntax::Occurrence::any:
            return Occurrence::any;
        case syntax::Occurrence::some:
            return Occurrence::some;
    }
    return Occurrence::any;
}

}  // namespace

std::string Compiler::shown(const syntax::Name& name) const {
    return std::string(ast_.text(name.span));
}

std::string_view Compiler::namespace_of(std::string_view prefix, syntax::Span at) const {
    const auto& known = module_.namespaces;
    // The last declaration counts; one that binds to nothing takes the prefix away.
    const auto found =
        std::find_if(known.rbegin(), known.rend(), [&](const auto& b) { return b.first == prefix; });
    if (found != known.rend() && !found->second.empty()) return found->second;
    std::vector<std::string> prefixes;
    prefixes.reserve(known.size());
    for (const auto& [other, uri] : known) prefixes.emplace_back(other);
    const std::string near = nearest(prefix, prefixes);
    fail_at(at, Code::XPST0081, "the prefix '" + std::string(prefix) + "' is not declared",
            near.empty() ? "declare it: declare namespace " + std::string(prefix) + "='…';"
                         : "did you mean '" + near + "'?");
}

xml::NameView Compiler::expand(const syntax::Name& name, Use use) {
    xml::NameView view;
    view.local = keep(name.local);
    view.prefix = keep(name.prefix);
    if (name.braced) {
        view.uri = keep(name.uri);
    } else if (!name.prefix.empty()) {
        view.uri = keep(namespace_of(name.prefix, name.span));
    } else if (use == Use::element) {
        view.uri = default_element_namespace_;
    } else if (use == Use::function) {
        view.uri = default_function_namespace_;
    }
    return view;
}

// What may be meant by a name that no type has.
std::string Compiler::type_hint(const xml::NameView& name) {
    if (name.uri != kXsNamespace && type_named(name.local)) return "write xs:" + std::string(name.local);
    const std::string near = nearest_type(name.local);
    return near.empty() ? near : "did you mean " + near + "?";
}

Type Compiler::atomic_type(const syntax::Name& name) {
    const xml::NameView view = expand(name, Use::element);
    const std::optional<Type> type = view.uri == kXsNamespace ? type_named(view.local) : std::nullopt;
    if (type) return *type;
    fail_at(name.span, Code::XPST0051, "'" + shown(name) + "' is not the name of an atomic type",
            type_hint(view));
}

ItemType Compiler::node_type(const syntax::KindTest& test) {
    using Written = syntax::KindTest::Kind;
    using Kind = ItemType::Kind;
    ItemType type;
    switch (test.kind) {
        case Written::node:
            type.kind = Kind::node;
            break;
        case Written::text:
            type.kind = Kind::text;
            break;
        case Written::comment:
            type.kind = Kind::comment;
            break;
        case Written::namespace_node:
            type.kind = Kind::namespace_node;
            break;
        case Written::processing_instruction:
            type.kind = Kind::processing_instruction;
            type.has_name = test.has_name;
            type.name.local = keep(test.target);
            return type;
        case Written::document:
            type.kind = Kind::document;
            if (test.inside != nullptr) {
                type = node_type(*test.inside);
                type.kind = Kind::document;
                type.of_element = true;
            }
            return type;
        case Written::element:
            type.kind = Kind::element;
            break;
        case Written::attribute:
            type.kind = Kind::attribute;
            break;
        case Written::schema_element:
        case Written::schema_attribute:
            expand(test.name, Use::plain);  // a prefix that is not declared comes first
            fail_at(test.span, Code::XPST0008, "no schema declares '" + shown(test.name) + "'",
                    "schemas are not imported; write element() or attribute()");
    }
    if (test.has_type) {
        const xml::NameView annotation = expand(test.type, Use::element);
        const std::string_view local = annotation.local;
        if (annotation.uri != kXsNamespace ||
            !(is_any_of(local, kElementTypes) || is_any_of(local, kAttributeTypes) || type_named(local) ||
              list_member(local)))
            fail_at(test.type.span, Code::XPST0008, "there is no type '" + shown(test.type) + "'",
                    "nodes are untyped; leave the type out");
        type.never = test.kind == Written::element ? !is_any_of(local, kElementTypes)
                                                   : !is_any_of(local, kAttributeTypes);
    }
    if (test.has_name) {
        type.has_name = true;
        type.name = expand(test.name, test.kind == Written::element ? Use::element : Use::plain);
        type.name_hash = xml::name_hash(type.name.uri, type.name.local);
    }
    return type;
}

ItemType Compiler::item_type(const syntax::ItemType& written) {
    using Written = syntax::ItemType::Kind;
    ItemType type;
    // Assertions by annotations are none of the standard's, and all others are ignored (XQuery 3.1, 2.5.4.4).
    check_annotations(written.annotations, Code::XQST0106);
    switch (written.kind) {
        case Written::item:
            type.kind = ItemType::Kind::item;
            break;
        case Written::atomic:
            type = ItemType::of(atomic_type(written.name));
            break;
        case Written::node:
            type = node_type(*written.node);
            break;
        case Written::any_function:
            type.kind = ItemType::Kind::function;
            break;
        case Written::any_map:
            type.kind = ItemType::Kind::map;
            break;
        case Written::any_array:
            type.kind = ItemType::Kind::array;
            break;
        case Written::function:
            type.kind = ItemType::Kind::function;
            type.inner = inner_types(written);
            break;
        case Written::map:
            type.kind = ItemType::Kind::map;
            type.inner = inner_types(written);
            break;
        case Written::array:
            type.kind = ItemType::Kind::array;
            type.inner = inner_types(written);
            break;
    }
    return type;
}

const InnerTypes* Compiler::inner_types(const syntax::ItemType& written) {
    std::vector<SequenceType> parameters;
    if (written.kind == syntax::ItemType::Kind::map) {
        SequenceType& key = parameters.emplace_back();
        key.item = ItemType::of(atomic_type(written.name));
        key.occurrence = Occurrence::one;
    }
    for (const syntax::SequenceType& parameter : written.parameters)
        parameters.push_back(sequence_type(parameter));
    const SequenceType* result = program_.arena.make(sequence_type(*written.result));
    return program_.arena.make(InnerTypes{keep(parameters), result});
}

SequenceType Compiler::sequence_type(const syntax::SequenceType& written) {
    SequenceType type;
    type.empty = written.empty;
    if (written.empty) return type;
    type.item = item_type(written.item);
    type.occurrence = occurrence_of(written.occurrence);
    return type;
}

std::uint32_t Compiler::bind(const syntax::Name& name, const Traits& known) {
    const std::uint32_t slot = program_.slots++;
    locals_.push_back({expand(name, Use::plain), slot, known});
    return slot;
}

}  // namespace clacks::xquery::plan
