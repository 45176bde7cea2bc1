// Function items (XDM 3.1, section 2.8.1): library functions, declared and inline ones, partial
// applications and coerced functions. Maps and arrays are functions too, but items of their own types.
//
// Ownership: a function item lives in an arena or a program, as all that it points to, and is never
// destroyed by itself. Thread safety: as its arena.
#pragma once

#include <cstdint>
#include <span>

#include "common/xquery/values/sequence.hpp"
#include "common/xquery/values/sequence_type.hpp"

namespace clacks::xquery {

struct CallContext;  // values/call_context.hpp

class FunctionItem {
  public:
    // Null for an anonymous function.
    const QName* name = nullptr;
    std::string_view shown;                    // in errors: "fn:filter", "" for an anonymous function
    std::span<const SequenceType> parameters;  // as many as the arity
    SequenceType result;
    std::uint32_t depth = 0;  // of functions made of functions; bounded, as they call one another

    std::size_t arity() const { return parameters.size(); }
    // The body. Arguments are as many as the arity and converted to the parameters' types; the result is of
    // its type.
    virtual Value run(CallContext& context, std::span<const Value> arguments) const = 0;

  protected:
    ~FunctionItem() = default;
};

// Calls a function, map or array item: checks the number of arguments (XPTY0004), converts them by the
// function conversion rules and runs. Takes a step.
Value call_item(CallContext& context, const Item& function, std::span<const Value> arguments);
// The number of arguments that a function, map or array takes.
std::size_t arity_of(const Item& function);
// A function of the wanted type that calls the given one, whose arity is right (XQuery 3.1, 3.1.5.3).
Item coerce(const Item& function, const InnerTypes& wanted, Arena& arena);
// The function with some arguments given already (3.1.5.1), which are of their types; null stands for one
// that is still to come. The function is no map or array unless nothing is given.
Item apply_partly(const Item& function, std::span<const Value* const> given, Arena& arena);
// The value of a key in a map, the member of an array at a position from 1 on (FOAY0001).
Value look_up(const MapItem& map, const Item& key);
Value look_up(const ArrayItem& array, const Item& position);

}  // namespace clacks::xquery
