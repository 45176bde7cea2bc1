// Sequence types and node tests as written (XQuery 3.1, 2.5.4, 2.5.5 and 3.3.2.2).
#pragma once

#include "common/xquery/syntax/node.hpp"

namespace clacks::xquery::syntax {

struct Annotation;
struct SequenceType;

enum class Occurrence : std::uint8_t { one, optional, any, some };  // "", "?", "*", "+"

enum class Wildcard : std::uint8_t {
    none,        // name
    any,         // *
    any_local,   // prefix:* or Q{uri}*: the name's prefix or uri is set
    any_prefix,  // *:local
};

struct NameTest {
    Wildcard wildcard = Wildcard::none;
    Name name;
};

struct KindTest {
    enum class Kind : std::uint8_t {
        node,
        text,
        comment,
        namespace_node,
        processing_instruction,  // with the target in `target` when has_name
        document,                // with `inside` when it says document-node(element(…))
        element,
        attribute,
        schema_element,
        schema_attribute,
    };
    Kind kind = Kind::node;
    bool has_name = false;  // false for element() and element(*)
    bool has_type = false;
    bool nillable = false;  // element(name, type?)
    Name name;              // of element, attribute, schema-element, schema-attribute
    Name type;
    std::string_view target;           // white space normalised
    const KindTest* inside = nullptr;  // kind element or schema_element
    Span span;
};

struct NodeTest {
    const KindTest* kind = nullptr;  // null: a name test
    NameTest name;
    Span span;
};

struct ItemType {
    enum class Kind : std::uint8_t {
        item,
        atomic,
        node,
        any_function,
        function,
        any_map,
        map,
        any_array,
        array
    };
    Kind kind = Kind::item;
    Name name;                             // atomic; a map's key type
    const KindTest* node = nullptr;        // node
    List<Annotation> annotations;          // any_function, function
    List<SequenceType> parameters;         // function
    const SequenceType* result = nullptr;  // function: the result; map: the values; array: the members
    Span span;
};

struct SequenceType {
    bool empty = false;  // empty-sequence()
    ItemType item;       // when not empty; a parenthesized item type is shown without its parentheses
    Occurrence occurrence = Occurrence::one;
    Span span;
};

// What cast and castable take: an atomic type name with an optional "?".
struct SingleType {
    Name name;
    bool optional = false;
    Span span;
};

}  // namespace clacks::xquery::syntax
