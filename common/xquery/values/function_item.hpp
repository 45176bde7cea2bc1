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

struct CallContext;

class FunctionItem {
  public:
    // Null for an anonymous function.
    const QName* name = nullptr;
    std::span<const SequenceType> parameters;  // as many as the arity
    SequenceType result;
    bool nondeterministic = false;  // %fn:nondeterministic or by what it calls

    std::size_t arity() const { return parameters.size(); }
    // The body. Arguments are as many as the arity and converted to the parameters' types.
    virtual Value run(CallContext& context, std::span<const Value> arguments) const = 0;

  protected:
    ~FunctionItem() = default;
};

// Calls a function, map or array item: checks the number of arguments (XPTY0004), converts them by the
// function conversion rules, runs, and converts the result. `what` names the call in an error
// ("fn:for-each"), "" for a call written in the query. Takes a step.
Value call_item(CallContext& context, const Item& function, std::span<const Value> arguments,
                std::string_view what = {});
// The number of arguments that a function, map or array takes.
std::size_t arity_of(const Item& function);

}  // namespace clacks::xquery
