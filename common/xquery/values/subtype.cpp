// Subtypes (XQuery 3.1, 2.5.6).
#include "common/xquery/values/sequence_type.hpp"

namespace clacks::xquery {

namespace {

using Kind = ItemType::Kind;

bool is_node_kind(Kind kind) {
    return kind >= Kind::node && kind <= Kind::namespace_node;
}

SequenceType sequence_of(const ItemType& item, Occurrence occurrence) {
    SequenceType type;
    type.item = item;
    type.occurrence = occurrence;
    return type;
}

SequenceType result_of(const ItemType& type) {
    return type.inner == nullptr ? sequence_of({}, Occurrence::any) : *type.inner->result;
}

SequenceType key_of(const ItemType& map) {
    return map.inner == nullptr ? sequence_of(ItemType::of(Type::any_atomic), Occurrence::one)
                                : map.inner->parameters[0];
}

bool is_node_subtype(const ItemType& type, const ItemType& of) {
    if (!is_node_kind(type.kind)) return false;
    if (of.kind == Kind::node) return true;
    if (type.kind != of.kind || (of.of_element && !type.of_element)) return false;
    return !of.has_name || (type.has_name && type.name == of.name);
}

// function(…) as … against function(…) as …: less may be asked for, and more is given.
bool is_function_subtype(const InnerTypes& type, const InnerTypes& of) {
    if (type.parameters.size() != of.parameters.size()) return false;
    for (std::size_t i = 0; i < of.parameters.size(); ++i) {
        if (!is_subtype(of.parameters[i], type.parameters[i])) return false;
    }
    return is_subtype(*type.result, *of.result);
}

// What of is: function(…) as …
bool is_subtype_of_function(const ItemType& type, const InnerTypes& of) {
    switch (type.kind) {
        case Kind::function:
            return type.inner != nullptr && is_function_subtype(*type.inner, of);
        case Kind::map: {
            SequenceType value = result_of(type);
            value.occurrence = value.allows_many() ? Occurrence::any : Occurrence::optional;
            return of.parameters.size() == 1 &&
                   is_subtype(of.parameters[0],
                              sequence_of(ItemType::of(Type::any_atomic), Occurrence::one)) &&
                   is_subtype(value, *of.result);
        }
        case Kind::array:
            return of.parameters.size() == 1 &&
                   is_subtype(of.parameters[0], sequence_of(ItemType::of(Type::integer), Occurrence::one)) &&
                   is_subtype(result_of(type), *of.result);
        default:
            return false;
    }
}

}  // namespace

bool is_subtype(const ItemType& type, const ItemType& of) {
    switch (of.kind) {
        case Kind::item:
            return true;
        case Kind::atomic:
            return type.kind == Kind::atomic && derives_from(type.atomic, of.atomic);
        case Kind::function:
            if (of.inner != nullptr) return is_subtype_of_function(type, *of.inner);
            return type.kind == Kind::function || type.kind == Kind::map || type.kind == Kind::array;
        case Kind::map:
            return type.kind == Kind::map &&
                   (of.inner == nullptr || (is_subtype(key_of(type), of.inner->parameters[0]) &&
                                            is_subtype(result_of(type), *of.inner->result)));
        case Kind::array:
            return type.kind == Kind::array &&
                   (of.inner == nullptr || is_subtype(result_of(type), *of.inner->result));
        default:
            return is_node_subtype(type, of);
    }
}

bool is_subtype(const SequenceType& type, const SequenceType& of) {
    // xs:error has no values, so that xs:error? is the empty sequence alone.
    const bool empty = type.empty || (type.item.kind == Kind::atomic && type.item.atomic == Type::error &&
                                      type.allows_empty());
    if (empty) return of.allows_empty();
    if (of.empty) return false;
    if ((type.allows_empty() && !of.allows_empty()) || (type.allows_many() && !of.allows_many()))
        return false;
    return is_subtype(type.item, of.item);
}

}  // namespace clacks::xquery
