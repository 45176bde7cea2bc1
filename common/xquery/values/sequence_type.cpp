#include "common/xquery/values/sequence_type.hpp"

#include "common/xquery/values/array.hpp"
#include "common/xquery/values/atomize.hpp"
#include "common/xquery/values/cast.hpp"
#include "common/xquery/values/describe.hpp"
#include "common/xquery/values/error.hpp"
#include "common/xquery/values/function_item.hpp"
#include "common/xquery/values/map.hpp"

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
    if (type.never) return false;
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

void count(Steps* steps) {
    if (steps != nullptr) steps->take();
}

// `keys` and `values` may be null: anything.
bool holds_only(const MapItem& map, const ItemType* keys, const SequenceType* values, Steps* steps) {
    return map.each([&](const MapItem::Entry& entry) {
        count(steps);
        return (keys == nullptr || matches(entry.key, *keys, steps)) &&
               (values == nullptr || matches(entry.value, *values, steps));
    });
}

bool holds_only(const ArrayItem& array, const SequenceType& members, Steps* steps) {
    for (const Value& member : array.members()) {
        count(steps);
        if (!matches(member, members, steps)) return false;
    }
    return true;
}

// A map is a function of its keys that may give nothing, an array one of positions.
bool matches_as_function(const Item& item, const InnerTypes& wanted, Steps* steps) {
    if (item.type == Type::function) {
        const FunctionItem& function = item.function();
        if (function.arity() != wanted.parameters.size()) return false;
        for (std::size_t i = 0; i < function.arity(); ++i) {
            if (!is_subtype(wanted.parameters[i], function.parameters[i])) return false;
        }
        return is_subtype(function.result, *wanted.result);
    }
    if (wanted.parameters.size() != 1) return false;
    SequenceType argument;
    argument.occurrence = Occurrence::one;
    argument.item = ItemType::of(item.type == Type::map ? Type::any_atomic : Type::integer);
    if (!is_subtype(wanted.parameters[0], argument)) return false;
    if (item.type == Type::array) return holds_only(item.array(), *wanted.result, steps);
    return wanted.result->allows_empty() && holds_only(item.map(), nullptr, wanted.result, steps);
}

// "function(xs:string) as item()*", "map(*)"
std::string shown_inside(const ItemType& type) {
    if (type.inner == nullptr) return "(*)";
    std::string out = "(";
    for (const SequenceType& parameter : type.inner->parameters) {
        if (out.size() > 1) out += ", ";
        out += to_string(parameter);
    }
    if (type.kind == Kind::function) return out + ") as " + to_string(*type.inner->result);
    return out + (out.size() > 1 ? ", " : "") + to_string(*type.inner->result) + ")";
}

// The function as the type wants it, where the type says more than function(*).
Item coerced(const Item& item, const SequenceType& type, const ConversionSite& site, Arena& arena) {
    if (!is_function(item.type)) mismatch(item, type, site);
    if (arity_of(item) != type.item.inner->parameters.size()) mismatch(item, type, site);
    return coerce(item, *type.item.inner, arena);
}

Value coerced(const Value& value, const SequenceType& type, const ConversionSite& site, Arena& arena,
              Steps& steps) {
    if (!right_count(value.count, type)) mismatch(value, type, site);
    if (value.count == 1) return coerced(value.front(), type, site, arena);
    SequenceBuilder out(arena);
    for (const Item item : value) {
        steps.take();
        out.add(coerced(item, type, site, arena));
    }
    return out.value();
}

}  // namespace

bool matches(const Item& item, const ItemType& type, Steps* steps) {
    switch (type.kind) {
        case Kind::item:
            return true;
        case Kind::atomic:
            return is_atomic(item.type) && derives_from(item.type, type.atomic);
        case Kind::function:
            return is_function(item.type) &&
                   (type.inner == nullptr || matches_as_function(item, *type.inner, steps));
        case Kind::map:
            return item.type == Type::map &&
                   (type.inner == nullptr ||
                    holds_only(item.map(), &type.inner->parameters[0].item, type.inner->result, steps));
        case Kind::array:
            return item.type == Type::array &&
                   (type.inner == nullptr || holds_only(item.array(), *type.inner->result, steps));
        default:
            return item.is_node() && node_matches(item, type);
    }
}

bool matches(const Value& value, const SequenceType& type, Steps* steps) {
    if (!right_count(value.count, type)) return false;
    if (type.empty || type.item.kind == Kind::item) return true;
    if (value.is_range()) return matches(value.front(), type.item);
    for (const Item item : value) {
        if (!matches(item, type.item, steps)) return false;
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
            out = "function" + shown_inside(item);
            if (item.inner != nullptr && type.occurrence != Occurrence::one) out = "(" + out + ")";
            break;
        case Kind::map:
            out = "map" + shown_inside(item);
            break;
        case Kind::array:
            out = "array" + shown_inside(item);
            break;
    }
    constexpr std::string_view kSigns[] = {"", "?", "*", "+"};
    out += kSigns[static_cast<std::size_t>(type.occurrence)];
    return out;
}

bool needs_no_conversion(const Value& value, const SequenceType& type) {
    if (type.item.kind == Kind::item && !type.empty) return right_count(value.count, type);
    if (type.item.inner != nullptr) return false;
    return value.count == 1 && !type.empty && matches(value.front(), type.item) &&
           (type.item.kind != Kind::atomic || value.front().type != Type::untyped_atomic ||
            type.item.atomic == Type::any_atomic || type.item.atomic == Type::untyped_atomic);
}

Value convert(const Value& value, const SequenceType& type, const ConversionSite& site, Arena& arena,
              Steps& steps) {
    if (needs_no_conversion(value, type)) return value;
    if (type.item.kind == Kind::function && type.item.inner != nullptr && !type.empty)
        return coerced(value, type, site, arena, steps);
    if (type.empty || type.item.kind != Kind::atomic) {
        if (!matches(value, type, &steps)) mismatch(value, type, site);
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
