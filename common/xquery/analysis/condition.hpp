// What must hold of a document for a query to be true of it, told without evaluating: a tree of "and", "or"
// and "not" over tests of paths. It is necessary: the query's effective boolean value over a document is
// true only if the condition holds of that document. How much more it says, its exactness tells.
//
// Paths start at the document node that is the context item. Documents are untyped, so the value of a node
// is its string value (XDM 3.1, 5.13), compared as general comparisons compare xs:untypedAtomic (XQuery 3.1,
// 3.7.2): with text by the Unicode codepoint collation, with a number as xs:double, with a boolean as
// xs:boolean. A path that finds several nodes passes a test if one of them does.
//
// All types are plain values. Immutable ones may be read by any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace clacks::xquery::analysis {

// In the text of the query, both counted from 1, the column in code points; 0 where there is none.
struct Place {
    std::size_t line = 0;
    std::size_t column = 0;
};

struct Step {
    enum class Axis : std::uint8_t { child, descendant, attribute };
    Axis axis = Axis::child;
    std::optional<std::string> uri;    // nothing: any namespace; "": none
    std::optional<std::string> local;  // nothing: any name
    Place place;
};

// No steps: the document node itself.
using Path = std::vector<Step>;

using Literal = std::variant<std::string, double, bool>;

// Of what is between two bounds; nothing is no bound. Both are of one type, and NaN is no bound.
struct Bound {
    Literal value;
    bool included = true;
};

struct Test {
    enum class Kind : std::uint8_t {
        exists,       // a node is there
        equal,        // … whose value equals the literal
        not_equal,    // … differs from it; for a number also a value that is NaN
        within,       // … is between the bounds
        starts_with,  // … begins with the literal, which is text and not empty
    };
    Kind kind = Kind::exists;
    Path path;
    Literal literal;            // of equal, not_equal, starts_with
    std::optional<Bound> low;   // of within
    std::optional<Bound> high;  // of within
    Place place;                // of the comparison or call
};

enum class Exactness : std::uint8_t {
    necessary,  // false: the query is not true; true: it has to be evaluated
    // Where every test's path finds at most one node, and the text of each node that is tested against a
    // number or boolean is one, as exact.
    exact_if_single,
    exact,  // the query is true if and only if the condition holds, and it never fails
};

struct Condition {
    enum class Kind : std::uint8_t {
        always,
        never,
        all_of,   // of parts, of which there are two or more
        any_of,   // likewise
        none_of,  // of the one part, which is exact, or exact_if_single, as this is then
        test,
    };
    Kind kind = Kind::always;
    Exactness exactness = Exactness::necessary;
    std::vector<Condition> parts;
    Test test;
};

}  // namespace clacks::xquery::analysis
