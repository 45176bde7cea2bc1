// Functions declared in the prolog (XQuery 3.1, 4.18) and their calls.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "common/xquery/plan/operator.hpp"
#include "common/xquery/values/sequence_type.hpp"

namespace clacks::xquery::plan {

// Filled in while compiling, as functions may call each other.
struct FunctionBody {
    struct Parameter {
        std::string_view name;
        SequenceType type;
        std::uint32_t slot = 0;
    };
    std::string_view shown;  // as declared
    const StaticInfo* module = nullptr;
    bool is_private = false;  // not seen by other modules
    std::span<const Parameter> parameters;
    SequenceType result;
    Plan body = nullptr;
    std::uint32_t first_slot = 0;  // of all its variables
    std::uint32_t slots = 0;
    std::size_t levels = 0;  // of `body`
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
