#include "common/xquery/values/sequence_type.hpp"

#include "common/xquery/values/atomize.hpp"
#include "common/xquery/values/cast.hpp"
#include "common/xquery/values/describe.hpp"
#include "common/xquery/values/error.hpp"

namespace clacks::xquery {

namespace {

using Kind = ItemType::Kind;

bool has_name(const Item& node, const ItemType& type) {
    const xml::Name& name = node.tree->name(node.node());
    return name.hash == type.name_hash && name.view() == type.name;
}

// document-node(element(…)): exactly one element child, and it fits.
bool holds_element(const Item& document, const ItemType& type) {
    const xml::Tree& tree = *document.tree;
    const xml::NodeIndex root = document.node();
    bool found = false;
    for (xml::NodeIndex c = tree.first_child(root); c < tree[root].end; c = tree[c].end) {
        if (tree.kind(c) == xml::NodeKind::text) return false;
        if (tree.kind(c) != xml::NodeKind::element) continue;
        if (found || (type.has_name && !has_name(Item::of_node(tree, c), type))) return false;
        found = true;
    }
    return found;
}

bool node_matches(const Item& item, const ItemType& type) {
    const xml::NodeKind kind = item.node_kind();
    switch (type.kind) {
        case Kind::node:
            return true;
        case Kind::document:
            return kind == xml::NodeKind::document && (!type.of_element || holds_element(item, type));
        case Kind::element:
            return kind == xml::NodeKind::element && (!type.has_name || has_name(item, type));
        case Kind::attribute:
            return kind == xml::NodeKind::attribute && (!type.has_name || has_name(item, type));
        case Kind::text:
            return kind == xml::NodeKind::text;
        case Kind::comment:
            return kind == xml::NodeKind::comment;
        case Kind::namespace_node:
            return kind == xml::NodeKind::namespace_node;
        case Kind::processing_instruction:
            return kind == xml::NodeKind::processing_instruction &&
                   (!type.has_name || item.tree->name(item.node()).local == type.name.local);
        default:
            return false;
    }
}

// "$x takes xs:string", "the argument $start of fn:substring takes xs:double".
std::string expectation(const SequenceType& type, const ConversionSite& site) {
    std::string what = "$" + std::string(site.parameter);
    if (!site.function.empty()) what = "the argument " + what + " of " + std::string(site.function);
    return what + " takes " + to_string(type);
}

[[noreturn]] void mismatch(const Value& value, const SequenceType& type, const ConversionSite& site) {
    std::string hint;
    if (value.count > 1 && !type.allows_many()) hint = "choose one item, as with [1] or head()";
    if (value.empty() && !type.allows_empty()) hint = "test with exists() first, or give a default";
    if (hint.empty() && type.item.kind == Kind::atomic && type.item.atomic > Type::error)
        hint = "convert it with " + std::string(type_name(type.item.atomic)) + "()";
    fail(Code::XPTY0004, expectation(type, site) + " and got " + describe(value), std::move(hint));
}

bool right_count(std::uint64_t count, const SequenceType& type) {
    if (type.empty) return count == 0;
    if (count == 0) return type.allows_empty();
    return count == 1 || type.allows_many();
}

// One atomized item as the wanted type.
Item convert_atomic(const Item& item, const SequenceType& type, const ConversionSite& site, Arena& arena) {
    const Type wanted = type.item.atomic;
    if (derives_from(item.type, wanted)) return item;
    const bool untyped = item.type == Type::untyped_atomic;
    const bool promotes = (wanted == Type::double_ && is_numeric(item.type)) ||
                          (wanted == Type::float_ && is_decimal(item.type)) ||
                          (wanted == Type::string && item.type == Type::any_uri);
    if (!untyped && !promotes) mismatch(item, type, site);
    if (untyped && (wanted == Type::qname || wanted == Type::notation)) {
        fail(Code::XPTY0117, expectation(type, site) + " and got " + describe(item),
             "make the name with xs:QName()");
    }
    try {
        return cast(item, wanted, arena);
    } catch (Error& error) {
        error.message = expectation(type, site) + ": " + error.message;
        throw;
    }
}

}  // namespace

bool matches(const Item& item, const ItemType& type) {
    switch (type.kind) {
        case Kind::item:
            return true;
        case Kind::atomic:
            return is_atomic(item.type) && derives_from(item.type, type.atomic);
        case Kind::function:
            return item.type == Type::function || item.type == Type::map || item.type == Type::array;
        case Kind::map:
            return item.type == Type::map;
        case Kind::array:
            return item.type == Type::array;
        default:
            return item.is_node() && node_matches(item, type);
    }
}

bool matches(const Value& value, const SequenceType& type) {
    if (!right_count(value.count, type)) return false;
    if (type.empty || type.item.kind == Kind::item) return true;
    if (value.is_range()) return matches(value.front(), type.item);
    for (const Item item : value) {
        if (!matches(item, type.item)) return false;
    }
    return true;
}

std::string to_string(const SequenceType& type) {
    if (type.empty) return "empty-sequence()";
    const ItemType& item = type.item;
    std::string name;
    if (item.has_name) {
        if (!item.name.prefix.empty())
            name = std::string(item.name.prefix) + ":";
        else if (!item.name.uri.empty())
            name = "Q{" + std::string(item.name.uri) + "}";
        name += item.name.local;
    }
    std::string out;
    switch (item.kind) {
        case Kind::item:
            out = "item()";
            break;
        case Kind::node:
            out = "node()";
            break;
        case Kind::document:
            out = item.of_element ? "document-node(element(" + name + "))" : "document-node()";
            break;
        case Kind::element:
            out = "element(" + name + ")";
            break;
        case Kind::attribute:
            out = "attribute(" + name + ")";
            break;
        case Kind::text:
            out = "text()";
            break;
        case Kind::comment:
            out = "comment()";
            break;
        case Kind::processing_instruction:
            out = "processing-instruction(" + name + ")";
            break;
        case Kind::namespace_node:
            out = "namespace-node()";
            break;
        case Kind::atomic:
            out = type_name(item.atomic);
            break;
        case Kind::function:
            out = "function(*)";
            break;
        case Kind::map:
            out = "map(*)";
            break;
        case Kind::array:
            out = "array(*)";
            break;
    }
    constexpr std::string_view kSigns[] = {"", "?", "*", "+"};
    out += kSigns[static_cast<std::size_t>(type.occurrence)];
    return out;
}

bool needs_no_conversion(const Value& value, const SequenceType& type) {
    if (type.item.kind == Kind::item && !type.empty) return right_count(value.count, type);
    return value.count == 1 && !type.empty && matches(value.front(), type.item) &&
           (type.item.kind != Kind::atomic || value.front().type != Type::untyped_atomic ||
            type.item.atomic == Type::any_atomic || type.item.atomic == Type::untyped_atomic);
}

Value convert(const Value& value, const SequenceType& type, const ConversionSite& site, Arena& arena,
              Steps& steps) {
    if (needs_no_conversion(value, type)) return value;
    if (type.empty || type.item.kind != Kind::atomic) {
        if (!matches(value, type)) mismatch(value, type, site);
        return value;
    }
    const Value atoms = atomize(value, arena, steps);
    if (!right_count(atoms.count, type)) mismatch(value, type, site);
    if (atoms.empty()) return atoms;
    if (atoms.is_range() && matches(atoms.front(), type.item)) return atoms;
    SequenceBuilder out(arena);
    for (const Item item : atoms) {
        steps.take();
        const Item converted = convert_atomic(item, type, site, arena);
        if (atoms.count == 1) return converted;
        out.add(converted);
    }
    return out.value();
}

}  // namespace clacks::xquery
