// Sequence types (XQuery 3.1, 2.5.4) and the function conversion rules (3.1.5.2).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "common/xquery/values/arena.hpp"
#include "common/xquery/values/sequence.hpp"

namespace clacks::xquery {

enum class Occurrence : std::uint8_t { one, optional, any, some };  // "", "?", "*", "+"

struct SequenceType;

// What is inside function(…) as …, map(…, …) and array(…); it must outlive the type.
struct InnerTypes {
    std::span<const SequenceType> parameters;  // map: the type of its keys
    const SequenceType* result = nullptr;      // map: of its values; array: of its members
};

struct ItemType {
    enum class Kind : std::uint8_t {
        item,
        node,
        document,
        element,
        attribute,
        text,
        comment,
        processing_instruction,
        namespace_node,
        atomic,
        function,
        map,
        array,
    };
    Kind kind = Kind::item;
    Type atomic = Type::any_atomic;     // kind atomic: the type, any_atomic and numeric included
    bool has_name = false;              // element, attribute, processing_instruction: only of this name
    bool of_element = false;            // document: document-node(element(…)), the name is the element's
    bool never = false;                 // element(*, T), attribute(*, T): no untyped node is of the type T
    std::uint64_t name_hash = 0;        // xml::name_hash of `name`
    xml::NameView name;                 // must outlive the type; a processing instruction's target is `local`
    const InnerTypes* inner = nullptr;  // function, map, array; null for function(*), map(*), array(*)

    static ItemType of(Type atomic_type) {
        ItemType t;
        t.kind = Kind::atomic;
        t.atomic = atomic_type;
        return t;
    }
};

struct SequenceType {
    ItemType item;
    Occurrence occurrence = Occurrence::any;
    bool empty = false;  // empty-sequence()

    bool allows_empty() const {
        return empty || occurrence == Occurrence::optional || occurrence == Occurrence::any;
    }
    bool allows_many() const {
        return !empty && (occurrence == Occurrence::any || occurrence == Occurrence::some);
    }
};

// Maps and arrays are matched by all that they hold; that takes steps, where there are any to take from.
bool matches(const Item& item, const ItemType& type, Steps* steps = nullptr);
bool matches(const Value& value, const SequenceType& type, Steps* steps = nullptr);
// Whether all that is of the one type is of the other (XQuery 3.1, 2.5.6).
bool is_subtype(const ItemType& type, const ItemType& of);
bool is_subtype(const SequenceType& type, const SequenceType& of);
// As a query would write it: "xs:string?", "element(f:Event)*".
std::string to_string(const SequenceType& type);

// What a conversion is for, to be named in an error; views, nothing is copied unless it fails.
struct ConversionSite {
    std::string_view function;   // "fn:substring", or "" for a variable
    std::string_view parameter;  // "start", without the dollar sign
};
// Atomizes, casts untypedAtomic, promotes numbers and URIs, coerces functions, and checks type and
// cardinality; fails with XPTY0004 (or FORG0001 where an untyped value does not cast).
Value convert(const Value& value, const SequenceType& type, const ConversionSite& site, Arena& arena,
              Steps& steps);
// Whether evaluating the argument can be skipped over convert: it already is what is wanted.
bool needs_no_conversion(const Value& value, const SequenceType& type);

}  // namespace clacks::xquery
