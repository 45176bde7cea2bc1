// switch, typeswitch (XQuery 3.1, 3.15 and 3.18.2) and try/catch (3.17).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "common/xquery/plan/flwor.hpp"
#include "common/xquery/plan/operator.hpp"
#include "common/xquery/values/sequence_type.hpp"

namespace clacks::xquery::plan {

struct SwitchCase {
    std::span<const Plan> values;
    Plan result = nullptr;
};

class Switch final : public Computed {
  public:
    Switch(Plan operand, std::span<const SwitchCase> cases, Plan otherwise);
    Value all(Frame& frame) const override;

  private:
    Single operand(Plan plan, Frame& frame) const;
    Plan operand_;
    std::span<const SwitchCase> cases_;
    Plan otherwise_;
};

struct TypeswitchCase {
    std::span<const SequenceType> types;  // none: default
    std::uint32_t slot = kNoSlot;
    Plan result = nullptr;
};

class Typeswitch final : public Computed {
  public:
    // The last case is the default.
    Typeswitch(Plan operand, std::span<const TypeswitchCase> cases);
    Value all(Frame& frame) const override;

  private:
    Plan operand_;
    std::span<const TypeswitchCase> cases_;
};

// Which errors a catch clause takes: by the local name of their code, in the namespace of errors.
struct CatchClause {
    // $err:value, module, line-number, column-number and additional.
    static constexpr std::uint32_t kOtherVariables = 5;
    std::span<const std::string_view> codes;
    bool any = false;
    std::uint32_t code = kNoSlot;         // the slot of $err:code
    std::uint32_t description = kNoSlot;  // of $err:description
    std::uint32_t others = kNoSlot;       // the first of kOtherVariables, which are empty
    Plan body = nullptr;
};

// Errors of limits are never caught: a query must not outlive what bounds it.
class TryCatch final : public Computed {
  public:
    TryCatch(Plan body, std::span<const CatchClause> clauses);
    Value all(Frame& frame) const override;

  private:
    Plan body_;
    std::span<const CatchClause> clauses_;
};

}  // namespace clacks::xquery::plan
