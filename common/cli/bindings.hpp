// Typed classes of events for programs, written from the events' definitions; see `clacks events generate`.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "common/cli/event_model.hpp"

namespace clacks::cli {

// A header for programs that link libclacks-common; the classes lie in `name_space`.
std::string cpp_bindings(const std::vector<Field>& events, const std::string& name_space);
// A module for programs that use the package `clacks`.
std::string python_bindings(const std::vector<Field>& events);

// What both languages have in common.
enum class ValueKind { text, boolean, integer, natural, number, enumeration, structure };
// Of an element's content; a type that is not one of XML Schema's own is read as text.
ValueKind kind_of_value(const Field& field);

// Names for one scope of the generated code. Each is as near to the schema's as the language allows: other
// characters than letters and digits become "_", and a name that is taken or reserved gets one behind it.
class Names {
  public:
    explicit Names(std::set<std::string, std::less<>> taken) : taken_(std::move(taken)) {}
    std::string take(std::string_view wanted);

  private:
    std::set<std::string, std::less<>> taken_;
};

// A value with a class of its own, which lies in the class that it belongs to.
bool has_own_type(ValueKind kind);

// One member of a class.
struct Member {
    const Field* field;
    ValueKind kind;
    std::string name;
    std::string type;  // of one value
};
// Those of the element's class, in the schema's order, with `plain_type` for values that have no type of
// their own.
std::vector<Member> members_of(const Field& field, Names names, std::string (*plain_type)(ValueKind));

// The text in lines that are no longer than `width`, broken at spaces.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);

}  // namespace clacks::cli
