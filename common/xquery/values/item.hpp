// An item: a node, an atomic value, or (reserved) a function, map or array. 16 bytes, trivially
// copyable; it owns nothing. What it points to lives in a tree, in the query's constants or in the
// arena of the evaluation.
#pragma once

#include <cstdint>
#include <string_view>
#include <type_traits>

#include "common/xml/tree.hpp"
#include "common/xquery/values/type.hpp"

namespace clacks::xquery {

__extension__ using Int128 = __int128;
__extension__ using UInt128 = unsigned __int128;

// coefficient * 10^-scale.
struct Decimal {
    Int128 coefficient = 0;
    std::uint8_t scale = 0;
};
inline constexpr unsigned kMaxScale = 38;

// The value of an xs:QName; views into a tree, the query or the arena.
using QName = xml::NameView;

struct Item {
    // Payload by type: tree of a node; characters; int64 of an integer, a decimal's coefficient, a
    // dateTime's milliseconds since 1970 UTC; double of double and float; 0/1 of a boolean; otherwise
    // a pointer (Int128, Decimal, QName).
    union {
        const xml::Tree* tree;
        const char* chars;
        std::int64_t integer;
        double real;
        bool truth;
        const void* pointer;
    };
    std::uint32_t aux = 0;  // index of a node, bytes of a text
    Type type = Type::boolean;
    std::uint8_t scale = 0;  // of a decimal held in `integer`
    bool wide = false;       // integer: `pointer` is to an Int128; decimal: to a Decimal
    std::uint8_t spare = 0;

    Item() : integer(0) {}

    static Item of_node(const xml::Tree& t, xml::NodeIndex index) {
        Item i;
        i.tree = &t;
        i.aux = index;
        i.type = Type::node;
        return i;
    }
    static Item of_text(std::string_view text, Type type = Type::string) {
        Item i;
        i.chars = text.data();
        i.aux = static_cast<std::uint32_t>(text.size());
        i.type = type;
        return i;
    }
    static Item of_bool(bool value) {
        Item i;
        i.integer = value ? 1 : 0;
        return i;
    }
    static Item of_integer(std::int64_t value, Type type = Type::integer) {
        Item i;
        i.integer = value;
        i.type = type;
        return i;
    }
    static Item of_double(double value) {
        Item i;
        i.real = value;
        i.type = Type::double_;
        return i;
    }
    static Item of_float(float value) {
        Item i;
        i.real = static_cast<double>(value);
        i.type = Type::float_;
        return i;
    }
    // Milliseconds since 1970-01-01T00:00:00Z.
    static Item of_date_time(std::int64_t ms) { return of_integer(ms, Type::date_time); }
    // The name must outlive the item.
    static Item of_qname(const QName& name) {
        Item i;
        i.pointer = &name;
        i.type = Type::qname;
        return i;
    }

    bool is_node() const { return type == Type::node; }
    xml::NodeIndex node() const { return aux; }
    xml::NodeKind node_kind() const { return tree->kind(aux); }
    // Textual types only.
    std::string_view text() const { return {chars, aux}; }
    bool boolean() const { return integer != 0; }
    const QName& qname() const { return *static_cast<const QName*>(pointer); }
};
static_assert(sizeof(Item) == 16 && std::is_trivially_copyable_v<Item>);

// Identity of nodes, and document order (trees in order of creation).
inline bool same_node(const Item& a, const Item& b) {
    return a.aux == b.aux && a.tree == b.tree;
}
inline bool precedes(const Item& a, const Item& b) {
    return a.tree == b.tree ? a.aux < b.aux : a.tree->order() < b.tree->order();
}

}  // namespace clacks::xquery
