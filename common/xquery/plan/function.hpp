// Functions declared in the prolog (XQuery 3.1, 4.18) or inline (3.1.7), and calls of functions.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "common/xquery/plan/operator.hpp"
#include "common/xquery/values/function_item.hpp"
#include "common/xquery/values/sequence_type.hpp"

namespace clacks::xquery::plan {

// Filled in while compiling, as functions may call each other.
struct FunctionBody {
    struct Parameter {
        std::string_view name;
        SequenceType type;
        std::uint32_t slot = 0;
    };
    std::string_view shown;              // as declared
    const FunctionItem* item = nullptr;  // of a declared function
    const xquery::detail::Program* program = nullptr;
    const StaticInfo* module = nullptr;
    bool is_private = false;  // not seen by other modules
    std::span<const Parameter> parameters;
    SequenceType result;
    Plan body = nullptr;
    std::uint16_t effects = kUnsettled;  // of calls, as far as they are known yet
    std::uint32_t first_slot = 0;        // of all its variables
    std::uint32_t slots = 0;
    std::size_t levels = 0;  // of `body`
};

struct Captured {
    std::uint32_t outer;  // the slot where the function is made
    std::uint32_t inner;  // the slot where it runs
};
// Runs a body with arguments that are of the parameters' types. A function item may come from another
// query (DynamicContext::bind); it runs in a frame of its own, where external variables have no values.
Value run_body(Frame& frame, const FunctionBody& function, std::span<const Value> arguments,
               std::span<const Captured> captured = {}, std::span<const Value> values = {});

// A declared function as an item.
class DeclaredFunction final : public FunctionItem {
  public:
    DeclaredFunction(const FunctionBody& body, const QName* its_name, std::span<const SequenceType> types);
    Value run(CallContext& context, std::span<const Value> arguments) const override;

  private:
    const FunctionBody& body_;
};

// function($a) { … }: makes a function item that holds the variables around it.
class InlineFunction final : public Scalar {
  public:
    InlineFunction(const FunctionBody& body, std::span<const Captured> captured,
                   std::span<const SequenceType> types);
    Single single(Frame& frame) const override;

  private:
    const FunctionBody& body_;
    std::span<const Captured> captured_;
    std::span<const SequenceType> types_;
};

// name#arity of a library function: it keeps the focus and the static context of this place.
class FunctionReference final : public Scalar {
  public:
    FunctionReference(const Function& function, std::size_t arity, const StaticInfo& statics);
    Single single(Frame& frame) const override;

  private:
    const Function& function_;
    std::size_t arity_;
    const StaticInfo& statics_;
};

// $f(a, b), and $f(a, ?) with null for what is still to come.
class DynamicCall final : public Computed {
  public:
    DynamicCall(Plan function, std::span<const Plan> arguments);
    Value all(Frame& frame) const override;

  private:
    Value apply(const Item& function, Frame& frame) const;
    Plan function_;
    std::span<const Plan> arguments_;
    bool partial_;
};

class FunctionCall final : public Computed {
  public:
    FunctionCall(const FunctionBody& function, std::span<const Plan> arguments);
    Value all(Frame& frame) const override;

  private:
    const FunctionBody& function_;
    std::span<const Plan> arguments_;
};

}  // namespace clacks::xquery::plan
