// An item: a node, an atomic value, a function, map or array. 16 bytes, trivially copyable; it owns
// nothing. What it points to lives in a tree, in the query's constants or in the arena of the evaluation.
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

class FunctionItem;  // values/function_item.hpp
class MapItem;       // values/map.hpp
class ArrayItem;     // values/array.hpp

// An xs:duration that is neither of its two derived types. Both parts have the same sign; nanoseconds
// count upwards from the floor of the seconds: -0.5 s is {-1, 500'000'000}.
struct Duration {
    std::int64_t months = 0;
    std::int64_t seconds = 0;
    std::uint32_t nanoseconds = 0;
};

// The zone of a date or time that has none.
inline constexpr std::int16_t kNoZone = INT16_MIN;

struct Item {
    // Payload by type:
    //   node                          tree; aux its index
    //   textual, binary               chars, aux bytes (of binary: the octets themselves)
    //   integer                       int64, or pointer to Int128 when wide
    //   decimal                       int64 coefficient and scale, or pointer to Decimal when wide
    //   double, float                 real
    //   boolean                       0/1 in `integer`
    //   dateTime, date, time, gYear … seconds from 1970-01-01T00:00:00 to the local time as written (a
    //                                 time: to that time on 1972-12-31; what a gYear … lacks as in
    //                                 1972-12-01, a leap year); aux nanoseconds; zone in minutes, or kNoZone
    //   yearMonthDuration             months
    //   dayTimeDuration               seconds (floor), aux nanoseconds
    //   duration                      pointer to Duration
    //   QName, NOTATION               pointer to QName
    //   function, map, array          pointer to FunctionItem, MapItem, ArrayItem
    union {
        const xml::Tree* tree;
        const char* chars;
        std::int64_t integer;
        double real;
        bool truth;
        const void* pointer;
    };
    std::uint32_t aux = 0;
    Type type = Type::boolean;
    std::uint8_t scale = 0;  // of a decimal held in `integer`
    std::int16_t extra = 0;  // numbers: 1 when wide; dates and times: the zone

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
    // A date or time of any type; see above for what is counted.
    static Item of_instant(std::int64_t seconds, std::uint32_t nanoseconds, std::int16_t zone, Type type) {
        Item i = of_integer(seconds, type);
        i.aux = nanoseconds;
        i.extra = zone;
        return i;
    }
    static Item of_day_time(std::int64_t seconds, std::uint32_t nanoseconds) {
        Item i = of_integer(seconds, Type::day_time_duration);
        i.aux = nanoseconds;
        return i;
    }
    static Item of_year_month(std::int64_t months) { return of_integer(months, Type::year_month_duration); }
    // What is pointed to must outlive the item.
    static Item of_duration(const Duration& duration) { return of_pointer(&duration, Type::duration); }
    static Item of_function(const FunctionItem& function) { return of_pointer(&function, Type::function); }
    static Item of_map(const MapItem& map) { return of_pointer(&map, Type::map); }
    static Item of_array(const ArrayItem& array) { return of_pointer(&array, Type::array); }
    static Item of_qname(const QName& name, Type type = Type::qname) { return of_pointer(&name, type); }

    bool is_node() const { return type == Type::node; }
    xml::NodeIndex node() const { return aux; }
    xml::NodeKind node_kind() const { return tree->kind(aux); }
    // Textual types only.
    std::string_view text() const { return {chars, aux}; }
    bool boolean() const { return integer != 0; }
    const QName& qname() const { return *static_cast<const QName*>(pointer); }
    bool wide() const { return extra != 0; }     // numbers only
    std::int16_t zone() const { return extra; }  // dates and times only
    bool has_zone() const { return extra != kNoZone; }
    std::uint32_t nanoseconds() const { return aux; }  // dates, times and dayTimeDuration
    const Duration& duration() const { return *static_cast<const Duration*>(pointer); }
    // Of the type that the item has; see the three headers named above.
    const FunctionItem& function() const { return *static_cast<const FunctionItem*>(pointer); }
    const MapItem& map() const { return *static_cast<const MapItem*>(pointer); }
    const ArrayItem& array() const { return *static_cast<const ArrayItem*>(pointer); }

  private:
    static Item of_pointer(const void* to, Type type) {
        Item i;
        i.pointer = to;
        i.type = type;
        return i;
    }
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
