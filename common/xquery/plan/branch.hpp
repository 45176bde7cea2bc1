// switch, typeswitch (XQuery 3.1, 3.15 and 3.18.2) and try/catch (3.17).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "common/xquery/plan/flwor.hpp"
#include "common/xquery/plan/operator.hpp"
#include "common/xquery/values/error.hpp"
#include "common/xquery/values/sequence_type.hpp"

namespace clacks::xquery::detail {
struct Program;
}

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

// Which errors a catch clause takes: *, *:local, uri:* or uri:local.
struct CaughtName {
    bool any_uri = false;
    bool any_local = false;
    std::string_view uri;
    std::string_view local;
};

struct CatchClause {
    // The local names of $err:…, in the order of their slots.
    static constexpr std::string_view kVariables[] = {"code",        "description",   "value",     "module",
                                                      "line-number", "column-number", "additional"};
    std::span<const CaughtName> names;
    std::uint32_t first_slot = kNoSlot;
    Plan body = nullptr;
};

// Errors of limits are never caught: a query must not outlive what bounds it.
class TryCatch final : public Computed {
  public:
    // The program tells lines and columns.
    TryCatch(const xquery::detail::Program& program, Plan body, std::span<const CatchClause> clauses);
    Value all(Frame& frame) const override;

  private:
    void bind(const CatchClause& clause, const Error& error, Frame& frame) const;
    const xquery::detail::Program& program_;
    Plan body_;
    std::span<const CatchClause> clauses_;
};

}  // namespace clacks::xquery::plan
