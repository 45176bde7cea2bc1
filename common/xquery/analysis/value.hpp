// What an expression is known to give: not its value, but where in the document it comes from.
//
// Inside the library. Thread safety: values.
#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "common/xquery/analysis/meaning.hpp"
#include "common/xquery/values/type.hpp"

namespace clacks::xquery::analysis {

// Nodes on a path: all of them, or, where `own` is given, some of them, which are there where it is true.
struct Nodes {
    Path path;
    Binders through = 0;
    std::optional<Meaning> own;
    bool single = false;  // at most one for each node of the binders
    bool sure = false;    // and at least one
    bool deep = false;    // their descendants, too: "//" before its step
    bool itself() const { return single && sure && !own && !deep; }
};

// One atomic value of each node, or where several are an error, of the only node.
struct Computed {
    enum class Function : std::uint8_t {
        data,            // the untyped value
        text,            // xs:string: nothing of nothing
        string,          // fn:string: "" of nothing
        string_or_none,  // the same, for each of several nodes
        number,          // fn:number: NaN of nothing and of what is no number
        real,            // xs:double
        whole,           // xs:decimal, xs:integer and what is derived from it
        truth,           // xs:boolean
        changed,         // some text that is "" where there is no node
    };
    Function function = Function::data;
    Nodes of;
};

struct Constant {
    Literal value;
};

struct Truth {
    Meaning meaning;
    bool one = true;  // one value, not none or one for each of several nodes
};

struct Count {
    Meaning some;  // whether it is 1 or more
};

struct Opaque {
    Meaning some;  // what must hold where it is not empty
};

struct Part {
    std::variant<Nodes, Computed, Constant, Truth, Count, Opaque> content;
    std::optional<Meaning> guard;  // the part is empty where this is false
};

// The concatenation of its parts.
struct Value {
    std::vector<Part> parts;
    bool exclusive = false;   // at most one part is not empty
    Level safe = Level::yes;  // whether evaluating it never fails, beside what its parts say
};

template <class Content>
Value value_of(Content content) {
    Value value;
    value.parts.push_back({std::move(content), std::nullopt});
    return value;
}

Value nothing_known();

Test test_of(Test::Kind kind, const Nodes& nodes, Place place);

// That the nodes are there.
Meaning existence(const Nodes& nodes, Place place);
// That one of the nodes passes the test, which is made for their path.
Meaning passed(const Nodes& nodes, Test test, Level safe);

// Both of one part and of all. The effective boolean value (XQuery 3.1, 2.4.3), and whether it is not empty.
Meaning truth_of(const Part& part, Place place);
Meaning truth_of(const Value& value, Place place);
Meaning some_of(const Part& part, Place place);
Meaning some_of(const Value& value, Place place);

// Whether a predicate of this value may select by position.
bool may_be_number(const Value& value);

// Where a value is bound to a variable that may never be used, what it promises beside its tests.
Level safe_unused(const Value& value);
Level safe_unused(const Part& part);
// The same where its items are taken one at a time, by something that gives nothing or may not look at them.
Level safe_entered(const Part& part, bool gives_nothing);

Meaning guarded(const std::optional<Meaning>& guard, Meaning meaning);
std::size_t size_of(const Value& value);

}  // namespace clacks::xquery::analysis
